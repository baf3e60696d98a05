import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import type { Page, Request } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { goTo, type StudioBrowser, seen, settled } from '../support/browser.js';
import { COUPON } from '../support/figma.js';
import { ORDERS } from '../support/orders.js';

/** What holds for the page whatever it shows. `filled` is what `filledStorage` makes. */
export function testPage(browser: StudioBrowser, filled: () => Storage): void {
  describe('the page of the studio', () => {
    test('takes the token out of its address, and gives it to tabs that are opened from it', async () => {
      const studio = await browser.serve(filled());
      const page = await browser.open(studio, { at: '/?q=orders' });
      await settled(page);
      expect(page.url()).not.toContain('token');
      const link = page.getByRole('link', { name: ORDERS });
      const ways = [{ modifiers: ['ControlOrMeta'] }, { button: 'middle' }] as const;
      for (const way of ways) {
        const opened = page.context().waitForEvent('page');
        await link.click({ ...way, modifiers: [...('modifiers' in way ? way.modifiers : [])] });
        const tab = await opened;
        await expect.poll(() => seen(tab.locator('h1'))).toBe(ORDERS);
        await expect.poll(() => tab.locator('.panel').count()).toBeGreaterThan(3);
        expect(tab.url()).not.toContain('token');
      }
      expect(new URL(page.url()).hash).toBe('#/?q=orders');
    });

    test('asks for the address that was printed where no other tab has the token, and goes where it led', async () => {
      const studio = await browser.serve(filled());
      const page = await browser.open(studio);
      await settled(page);
      await page.evaluate(() => sessionStorage.clear());
      await page.reload();
      const field = page.getByRole('textbox', { name: 'Address or token' });
      await field.fill(studio.url);
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByRole('link', { name: 'deleteComment', exact: false }).first().waitFor();
    });
    test('gives everything an address of its own, and the line of a shell that shows the same', async () => {
      const page = await browser.open(await browser.serve(filled(), { url: 'sqlite:./gati.db' }));
      const commands: readonly (readonly [place: string, heading: string, command: RegExp])[] = [
        ['/?method=POST', 'Handlers', /^gati-storage list .*--method POST/],
        [`/handlers/${ORDERS}/2.0.0`, ORDERS, /^gati-storage show .*orders\.create 2\.0\.0/],
        [
          `/compare?id=${ORDERS}&before=1.1.0&after=2.0.0`,
          'Compare',
          /^gati-storage diff .*orders\.create@1\.1\.0/,
        ],
        ['/compare?from=this@1&to=this@2', 'Compare', /^gati-storage diff 1 2 /],
        ['/impact/gtype/Money', 'Money', /^gati-storage show --gtype Money/],
        ['/commits', 'Time', /^gati-storage log /],
        ['/records/transformer/orders.1to2', 'orders.1to2', /^gati-storage show --transformer orders\.1to2/],
      ];
      for (const [place, heading, command] of commands) {
        await goTo(page, place);
        await expect.poll(() => seen(page.locator('h1'))).toBe(heading);
        await expect.poll(() => page.title()).toBe(`${heading} · Gati Studio`);
        await expect.poll(() => page.locator('.command-line code').getAttribute('title')).toMatch(command);
      }
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('button', { name: 'Copy as command' }).click();
      await page.getByText('Copied').waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
        /^gati-storage show --transformer/,
      );
    });

    test('can be used by the keyboard alone, and keeps the focus where one is', async () => {
      const page = await browser.open(await browser.serve(filled()));
      await settled(page);
      const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
      await page.keyboard.press('/');
      await page.keyboard.type('comment');
      await page.waitForURL(/q=comment/);
      await settled(page);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await expect.poll(focused).toContain('deleteCommentReaction');
      await page.keyboard.press('Enter');
      await expect.poll(focused).toBe('deleteCommentReaction');
      await page.keyboard.press('g');
      await page.keyboard.press('t');
      await expect.poll(focused).toBe('Time');
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
      await page.keyboard.press('[');
      await page.waitForURL(/at=2/);
      await page.keyboard.press(']');
      await page.waitForURL((url) => !url.hash.includes('at='));
    });

    test('loads anew where commits that it was to be told are no longer kept, and follows from there', async () => {
      const short = createInMemoryStorage({ history: { changes: 2 } });
      const commit = (i: number) => short.commit([COUPON], { note: `deployment ${i}` });
      await commit(1);
      let follow = (): void => {};
      const asked = new Promise<void>((resolve) => {
        follow = resolve;
      });
      const prepare = (page: Page) =>
        page.route('**/api/events*', async (route) => {
          await asked;
          await route.continue();
        });
      const page = await browser.open(await browser.serve(short), { at: '/commits', prepare });
      const first = page.locator('.commit-row .note').first();
      await expect.poll(() => seen(first)).toBe('deployment 1');
      for (let i = 2; i <= 20; i++) await commit(i);
      follow();
      await expect.poll(() => seen(first)).toBe('deployment 20');
      await page.getByRole('button', { name: /revision 20 live/ }).waitFor();
      await commit(21);
      await expect.poll(() => seen(first)).toBe('deployment 21');
    });

    test('follows while somebody looks at it, and goes on where it was', async () => {
      const storage = createInMemoryStorage();
      await storage.commit([COUPON], { note: 'first' });
      const page = await browser.open(await browser.serve(storage), { at: '/commits' });
      await page.getByRole('button', { name: /revision 1 live/ }).waitFor();
      const ofFeed = (request: Request): boolean => request.url().includes('/api/events');
      const ended = page.waitForEvent('requestfailed', ofFeed);
      await page.evaluate(setVisibility, 'hidden');
      await ended;
      await storage.commit([COUPON], { note: 'unseen' });
      const begun = page.waitForRequest(ofFeed);
      await page.evaluate(setVisibility, 'visible');
      expect(new URL((await begun).url()).search).toBe('?after=1');
      await expect.poll(() => page.locator('.commit-row .note').allInnerTexts()).toEqual(['unseen', 'first']);
    });

    test('draws a commit within two frames of its being told, without asking for anything', async () => {
      const storage = createInMemoryStorage();
      await storage.commit([COUPON], { note: 'first' });
      const prepare = (page: Page) => page.addInitScript(countFrames);
      const page = await browser.open(await browser.serve(storage), { at: '/commits', prepare });
      await page.getByRole('button', { name: /revision 1 live/ }).waitFor();
      await page.route('**/api/commits*', () => {}); // not answered any more
      await page.evaluate((note) => globalThis.countFramesUntil(note), 'deployed');
      await storage.commit([COUPON], { note: 'deployed' });
      expect(await page.evaluate(() => globalThis.countedFrames)).toBeLessThanOrEqual(2);
    });
  });
}

/** In the page: as if its tab were put behind another one, or in front. */
function setVisibility(state: string): void {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}

declare global {
  /** Begins to count for a commit with this note. */
  var countFramesUntil: (note: string) => void;
  var countedFrames: Promise<number>;
}

/** In the page, before anything of it runs: counts the frames from when the feed tells something until it is drawn. */
function countFrames(): void {
  let [frame, told] = [0, 0];
  const count = (): void => {
    frame += 1;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  const { fetch } = globalThis;
  globalThis.fetch = async (address, init) => {
    const response = await fetch(address, init);
    if (response.body === null || !String(address).startsWith('/api/events')) return response;
    const noting = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, to) {
        told = frame;
        to.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(noting), response);
  };
  globalThis.countFramesUntil = (note) => {
    globalThis.countedFrames = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        const notes = [...document.querySelectorAll('.commit-row .note')].map((one) => one.textContent);
        if (notes.includes(note)) resolve(frame - told);
      });
      observer.observe(document, { childList: true, subtree: true, characterData: true });
    });
  };
}
