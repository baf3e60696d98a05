import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { openStorage } from '@gati-framework/storage-tools';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.js';
import { hasChromium } from '../../../storage-sqljs/test/browser/chromium.js';
import { type Backend, NEW_STORES } from '../../../storage-tools/test/support/stores.js';
import { goTo, seen, settled, useBrowser } from '../support/browser.js';
import { filledStorage, NOTES, repeatCommits } from '../support/figma.js';
import { ORDERS } from '../support/orders.js';

const COMMAND = fileURLToPath(new URL('../../../storage-cli/dist/bin.js', import.meta.url));

describe.skipIf(!hasChromium)('the page of the studio', { timeout: 180_000 }, () => {
  const browser = useBrowser();
  let storage: Storage;

  beforeAll(async () => {
    storage = await filledStorage();
  }, 180_000);

  test('takes the token out of its address, and gives it to other tabs at addresses of its own', async () => {
    const studio = await browser.serve(storage);
    const page = await browser.open(studio);
    await settled(page);
    expect(page.url()).not.toContain('token');
    const tab = await page.context().newPage();
    await tab.goto(`${page.url()}handlers/${ORDERS}`);
    await expect.poll(() => seen(tab.locator('h1'))).toBe(ORDERS);
    await tab.locator('.panel').first().waitFor();
  });

  test('asks for the address that was printed where it has no token', async () => {
    const studio = await browser.serve(storage);
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
    const page = await browser.open(await browser.serve(storage, { url: 'sqlite:./gati.db' }));
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
    const page = await browser.open(await browser.serve(storage));
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

  describe.each<Backend>(['SQLite', 'PostgreSQL', 'sql.js'])('on %s', (backend) => {
    const openStore = async (): Promise<{ url: string; store: Storage }> => {
      const url = NEW_STORES[backend]();
      const store = await openStorage(url);
      onTestFinished(() => store.close());
      return { url, store };
    };

    test('shows the same, and a deployment of another process as it is made', async () => {
      const { url, store } = await openStore();
      await repeatCommits(storage, store);
      const page = await browser.open(await browser.serve(store, { url }), { at: '/commits' });
      await expect.poll(() => page.locator('.commit-row .note').allInnerTexts()).toEqual(NOTES.toReversed());
      await page.getByRole('button', { name: /revision 3 live/ }).waitFor();
      const shown = appearance(page, 'deployed elsewhere');
      if (backend === 'sql.js') await store.commit([COUPON], { note: 'deployed elsewhere' });
      else await deployElsewhere(url);
      const { revision, after } = await shown;
      console.log(`on ${backend}, revision ${revision} was shown ${after} ms after its commit began`);
      expect(revision).toBe('r4');
      await goTo(page, '/impact/gtype/Coupon');
      expect(await seen(page.getByRole('region', { name: 'The type' }))).toMatch(/code\s+string/);
      await goTo(page, `/handlers/${ORDERS}`);
      expect(await seen(page.getByRole('table', { name: 'Versions' }))).toMatch(
        /3\.0\.0[\s\S]*2\.1\.0[\s\S]*1\.0\.0/,
      );
      await goTo(page, '/compare?id=getLocalVariables&before=0.36.0&after=0.43.0');
      expect(await seen(page.getByRole('region', { name: 'What it means for callers' }))).toMatch(
        /3 breaking/,
      );
    });
  });
});

const COUPON = {
  put: 'gtype',
  value: {
    ref: 'Coupon',
    kind: 'object',
    properties: {
      code: { type: { ref: 'Coupon.code', kind: 'primitive', primitiveType: 'string' }, optional: false },
    },
  },
} as const;

async function deployElsewhere(url: string): Promise<void> {
  const file = join(temporaryFolder(), 'records.json');
  writeFileSync(
    file,
    JSON.stringify({ format: 'gati-storage-deployment', version: 1, gtypes: [COUPON.value] }),
  );
  const child = spawn(process.execPath, [
    COMMAND,
    'deploy',
    file,
    '--store',
    url,
    '--note',
    'deployed elsewhere',
  ]);
  const [status] = await once(child, 'close');
  expect(status).toBe(0);
}

/** When a commit with this in its note is drawn, in milliseconds since it was made, by the clock of this machine. */
function appearance(page: Page, note: string): Promise<{ revision: string; after: number }> {
  return page.evaluate(
    (wanted) =>
      new Promise<{ revision: string; after: number }>((resolve) => {
        const observer = new MutationObserver(() => {
          const row = [...document.querySelectorAll('.commit-row')].find((one) =>
            one.textContent?.includes(wanted),
          );
          if (row === undefined) return;
          observer.disconnect();
          const time = row.querySelector('time')?.dateTime ?? '';
          const revision = row.querySelector('.revision')?.textContent ?? '';
          resolve({ revision, after: Date.now() - Date.parse(time) });
        });
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
    note,
  );
}
