import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { goTo, type StudioBrowser, seen, settled } from '../support/browser.js';
import { figma, NOTES } from '../support/figma.js';
import { ORDERS } from '../support/orders.js';

/** Each view on what `filledStorage` holds. */
export function testViews(browser: StudioBrowser, filled: () => Storage): void {
  describe('the studio shows', () => {
    const open = async (at = '/', width = 1280): Promise<Page> => {
      const page = await browser.open(await browser.serve(filled()), { at, width });
      await settled(page);
      return page;
    };
    const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

    test('an overview: handlers with method, path, latest version, status, breaking mark, and which commit deployed them', async () => {
      const page = await open('/?q=orders');
      const orders = page.getByRole('link', { name: ORDERS });
      await expect.poll(() => seen(orders)).toMatch(/POST\s+\/v3\/orders/);
      expect(await seen(orders)).toMatch(/3\.0\.0\s+of 6[\s\S]*Breaking[\s\S]*pending[\s\S]*ago r3/);
      const facts = () => seen(page.locator('.store-facts'));
      await expect.poll(facts).toMatch(/Handlers\s+55\s+Versions\s+99\s+Breaking\s+4\s+Types\s+450/);
      expect(await facts()).toMatch(/Revision\s+3\s+History from\s+0\s+Health\s+ok[\s\S]*Last error\s+none/);
    });

    test('what is searched for: ids, paths, roles, dependencies, type names and fields', async () => {
      const page = await open();
      const found = async (words: string): Promise<string[]> => {
        await page.getByRole('searchbox', { name: 'Search handlers' }).fill(words);
        await page.waitForURL((url) => url.hash.includes(`q=${words}`));
        await settled(page);
        return await page.locator('.handler-row .id').allInnerTexts();
      };
      for (const words of ['orders.cre', 'v3', 'support', 'stripe', 'OrderDraft', 'coupon']) {
        await expect
          .poll(() => found(words), { message: words })
          .toContainEqual(expect.stringMatching(/^orders\.create/));
      }
      expect(await found('coupon')).toEqual(['orders.create field OrderDraft.coupon']);
    });

    test('filters, which are kept in the address', async () => {
      const page = await open();
      await page.getByRole('combobox', { name: 'Callers' }).selectOption('true');
      await page.getByRole('combobox', { name: 'Method' }).selectOption('POST');
      const ids = page.locator('a.handler-row .id');
      await expect.poll(() => ids.allInnerTexts()).toEqual([ORDERS]);
      const address = new URL(page.url()).hash;
      expect(address).toBe('#/?breaking=true&method=POST');
      await page.reload();
      await expect.poll(() => ids.allInnerTexts()).toEqual([ORDERS]);
      await page.getByRole('button', { name: 'Clear' }).click();
      await expect.poll(() => ids.count()).toBeGreaterThan(10);
      expect(new URL(page.url()).hash).toBe('#/');
    });

    test('10,000 handlers, of which only those are drawn that are seen', async () => {
      const many = createInMemoryStorage();
      const [template] = await filled().getAllManifestVersions(ORDERS);
      if (template === undefined) throw new Error('The store lacks its handler');
      const name = (i: number): string => `handler.${String(i).padStart(5, '0')}`;
      const ids = Array.from({ length: 10_000 }, (_, i) => name(i));
      await many.commit(ids.map((handlerId) => ({ put: 'manifest', value: { ...template, handlerId } })));
      const page = await browser.open(await browser.serve(many));
      await page.getByRole('link', { name: name(0) }).waitFor();
      await page.getByRole('link', { name: name(0) }).focus();
      await page.keyboard.press('End');
      const last = page.getByRole('link', { name: name(9_999) });
      await last.waitFor();
      await expect.poll(() => last.evaluate((link) => link === document.activeElement)).toBe(true);
      await page.keyboard.press('ArrowUp');
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.textContent))
        .toContain(name(9_998));
      expect(await page.locator('.virtual-list > li').count()).toBeLessThan(80);
      expect(await page.locator('.virtual-list > li').last().getAttribute('aria-setsize')).toBe('10000');
    });

    test('a handler: its versions as a graph with breaking edges and transformers, and which are active', async () => {
      const page = await open(`/handlers/${ORDERS}`);
      const graph = page.locator('.graph');
      await graph.locator('.node').first().waitFor();
      const titles = await graph.locator('.edge title').allTextContents();
      expect(titles).toContain('1.1.0 to 2.0.0: breaking');
      expect(titles).toContain('2.0.0 to 2.1.0: parent');
      expect(titles).toContain('2.1.0 to 3.0.0: transformer orders.2to3');
      const versions = await graph.getByRole('link').allTextContents();
      expect(versions).toContain('1.0.0decommissioned');
      expect(versions).toContain('2.1.0current');
      await graph.getByRole('link', { name: /^2\.0\.0/ }).click();
      await expect.poll(() => seen(page.locator('h1 + .sub'))).toContain('version 2.0.0');
      const row = page.getByRole('table', { name: 'Versions' }).getByRole('row', { name: /^2\.0\.0/ });
      expect(await seen(row)).toMatch(/1\.1\.0\s+can break\s+draining/);
      const steps = panel(page, 'Transformer');
      await expect.poll(() => seen(steps)).toMatch(/orders\.1to2[\s\S]*lines\[\]\.price[\s\S]*Money/);
    });

    test('of a version: manifest, hooks, types expanded in place, Timescape metadata and rollout, policies', async () => {
      const page = await open(`/handlers/${ORDERS}/2.1.0`);
      const deployment = await seen(panel(page, 'Deployment'));
      expect(deployment).toMatch(
        /active[\s\S]*canary[\s\S]*95 %[\s\S]*2\.0\.0, 2\.0\.1[\s\S]*1,284,311[\s\S]*0\.21 %/,
      );
      const policies = await seen(panel(page, 'Policies and dependencies'));
      expect(policies).toMatch(
        /customer, support\s+Rate limit\s+1,200 in 1 min\s+Modules\s+stripe, postgres/,
      );
      const hooks = await seen(panel(page, 'Hooks'));
      expect(hooks).toMatch(
        /before auth\.session\s+global · async · 500 ms · 1 retries · src\/hooks\/auth\.ts:12:3/,
      );
      expect(hooks).toMatch(/catch errors\.report\s*not stored/);

      const response = panel(page, 'Response');
      expect(await seen(response)).toMatch(/status\s+string\s+"open" \| "paid" \| "shipped"\s+total\s+Money/);
      expect(await seen(response)).toContain('In the smallest unit of the currency.');
      await response.getByRole('button', { name: 'What total is made of' }).click();
      expect(await seen(response)).not.toContain('In the smallest unit');

      await page.getByRole('button', { name: 'as it is stored' }).click();
      expect(await seen(page.getByRole('region', { name: 'JSON' }))).toContain(
        '"timescapeVersion": "tsv:2.1.0"',
      );
    });

    test('two versions of a handler: first what it means, with the place, and the raw difference beside it', async () => {
      const page = await open('/compare?id=getLocalVariables&before=0.36.0&after=0.43.0');
      const meaning = panel(page, 'What it means for callers');
      expect(await seen(meaning)).toMatch(/3 breaking/);
      expect(await seen(meaning.locator('.findings li').first())).toMatch(
        /^breaking:\s+response LocalVariable\.valuesByMode\.\* may now be VariableComposedColor$/,
      );
      const raw = page.getByRole('table', { name: 'The manifests before and after' });
      const row = raw.locator('tr.changed').filter({ hasText: '"version"' });
      expect(await seen(row)).toMatch(/−\s+"version": "0\.36\.0",\s+\d+\s+\+\s+"version": "0\.43\.0"/);
    });

    test('two revisions, and two stores', async () => {
      const other = createInMemoryStorage();
      await other.storeGType({ ref: 'Money', kind: 'object', properties: {} });
      const studio = await browser.serve(filled(), { compare: other, compareUrl: 'sqlite:./production.db' });
      const page = await browser.open(studio, { at: '/compare?from=this@1&to=this@2' });
      await settled(page);
      const callers = panel(page, 'What callers notice');
      await callers.getByRole('button', { name: /getLocalVariables/ }).click();
      expect(await seen(callers)).toMatch(/getLocalVariables\s+0\.36\.0 → 0\.43\.0\s+3 breaking/);
      expect(await seen(panel(page, 'The records'))).toMatch(/manifest \+47/);

      await page.getByRole('link', { name: 'stores' }).click();
      await settled(page);
      expect(await seen(page.locator('p.sub').first())).toMatch(
        /production\.db at revision 1 → .* at revision 3/,
      );
      expect(await seen(panel(page, 'The records'))).toMatch(/GType \+449 ~1/);
    });

    test('the blast radius of a GType, a hook, a transformer and a module, directly or through types', async () => {
      const page = await open('/impact');
      await page.getByRole('searchbox', { name: 'Part of the name' }).fill('mone');
      await page.getByRole('link', { name: 'Money', exact: true }).click();
      const radius = panel(page, 'Blast radius');
      await expect.poll(() => seen(radius)).toMatch(/6 versions of 1 handler[\s\S]*orders\.create/);
      await expect.poll(() => seen(radius)).toMatch(/3\.0\.0\s+latest\s+pending[\s\S]*Order → Money/);
      for (const [of, name] of [
        ['hook', 'errors.report'],
        ['dependency', 'stripe'],
      ] as const) {
        await goTo(page, `/impact/${of}/${name}`);
        expect(await seen(radius), name).toMatch(/6 versions of 1 handler/);
      }
      await goTo(page, '/impact/transformer/orders.2to3');
      expect(await seen(radius)).toMatch(/2\.1\.0[\s\S]*fromVersion[\s\S]*3\.0\.0[\s\S]*toVersion/);
    });

    test('the commits, what each changed and what that means, with the note of who and why', async () => {
      const page = await open('/commits');
      const commits = page.locator('.commit-row');
      expect(await commits.allInnerTexts()).toEqual([
        expect.stringMatching(new RegExp(`^r3\\s+${NOTES[2]}\\s+\\+4 types \\+6 manifests`)),
        expect.stringMatching(new RegExp(`^r2\\s+${NOTES[1]}\\s+\\+\\d+ types`)),
        expect.stringMatching(new RegExp(`^r1\\s+${NOTES[0]}\\s+\\+\\d+ types`)),
      ]);
      await commits.nth(1).click();
      await settled(page);
      expect(await seen(panel(page, 'The commit'))).toContain(NOTES[1]);
      expect(await seen(panel(page, 'What callers notice'))).toMatch(
        /getFileMeta\s+0\.36\.0 → 0\.43\.0\s+11 breaking/,
      );
    });

    test('everything as of another revision, by a slider over what is kept, under a banner that says so', async () => {
      const page = await open();
      await page.getByRole('button', { name: /revision\s+3 live/ }).click();
      const slider = page.getByRole('slider', { name: 'Revision' });
      expect([await slider.getAttribute('min'), await slider.getAttribute('max')]).toEqual(['0', '3']);
      await slider.focus();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      const banner = page.getByRole('region', { name: 'As of' });
      await expect.poll(() => seen(banner)).toMatch(new RegExp(`As of revision 1[\\s\\S]*${NOTES[0]}`));
      await expect.poll(() => seen(page.locator('.store-facts'))).toMatch(/Versions\s+46/);
      expect(new URL(page.url()).hash).toBe('#/?at=1');
      await page.getByRole('link', { name: 'getFileMeta' }).click();
      await settled(page);
      expect(await seen(page.locator('.panel h2').first())).toBe('1 version');
      await page.getByRole('button', { name: 'Back to now' }).click();
      await expect.poll(() => seen(page.locator('.panel h2').first())).toBe('2 versions');
    });

    test('how the store does, and with all of it read, what is wrong and where', async () => {
      const broken = createInMemoryStorage();
      const [template] = await filled().getAllManifestVersions(ORDERS);
      if (template === undefined) throw new Error('The store lacks its handler');
      await broken.storeManifest({ ...template, gtypes: { request: 'Gone', response: 'Gone' } });
      const page = await browser.open(await browser.serve(broken));
      await page.getByRole('link', { name: /^ok/ }).click();
      await expect.poll(() => seen(panel(page, 'The store'))).toMatch(/Health\s+ok[\s\S]*Revision\s+1/);
      expect(await seen(panel(page, 'The connection to it'))).toMatch(/Last error\s+none/);
      const whole = panel(page, 'Is all of it as it should be?');
      await whole.getByRole('button', { name: 'Read every record' }).click();
      await expect
        .poll(() => seen(whole))
        .toMatch(/1 record and 1 commit read as of revision 1: \d problems/);
      expect(await seen(whole)).toMatch(/gati-storage verify/);
      const problem = whole.getByRole('listitem').filter({ hasText: 'Gone' }).first();
      expect(await seen(problem)).toMatch(/missing\s+manifest\s+orders\.create 1\.0\.0/);
      await problem.getByRole('link').click();
      await expect.poll(() => seen(page.locator('h1'))).toBe(ORDERS);
    });

    test('what a document would change, and stores nothing', async () => {
      const page = await open('/check');
      await page.getByRole('textbox', { name: 'API' }).fill('Another API');
      await page.keyboard.press('Enter');
      await page.getByLabel('File', { exact: true }).setInputFiles(figma('old'));
      await expect
        .poll(() => seen(page.locator('.notice')))
        .toMatch(/Figma API 0\.36\.0[\s\S]*46 operations/);
      await expect.poll(() => seen(panel(page, 'What it means for callers'))).toMatch(/Another/);
      expect((await filled().stats()).revision).toBe(3);
    });
  });
}
