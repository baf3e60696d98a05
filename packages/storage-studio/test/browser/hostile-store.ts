import {
  type Change,
  createInMemoryStorage,
  type GType,
  type HandlerManifest,
} from '@gati-framework/manifest-store';
import { expect, test } from 'vitest';
import { goTo, type StudioBrowser, seen, settled } from '../support/browser.js';
import { storageWithOrders } from '../support/figma.js';
import { ORDERS } from '../support/orders.js';

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
const SCRIPT = 'javascript:document.title=3';
const TURNED = 'admin\u202etxt.exe';
/** 5 MiB. */
const LONG = 'long '.repeat((5 * 1024 * 1024) / 5);

async function hostileChanges(): Promise<Change[]> {
  const [template] = await (await storageWithOrders()).getAllManifestVersions(ORDERS);
  const manifest = (handlerId: string, more: Partial<HandlerManifest> = {}): Change => ({
    put: 'manifest',
    value: {
      ...(template as HandlerManifest),
      handlerId,
      gtypes: { request: MARKUP, response: SCRIPT },
      ...more,
    },
  });
  const gtype = (ref: string, description: string): GType => ({
    ref,
    kind: 'object',
    properties: {
      [MARKUP]: {
        type: { ref: `${ref}.x`, kind: 'primitive', primitiveType: 'string' },
        optional: true,
        description,
      },
    },
  });
  return [
    manifest(MARKUP, { path: SCRIPT, policies: { roles: [MARKUP] }, dependencies: { modules: [SCRIPT] } }),
    manifest(TURNED, { version: TURNED, hash: LONG }),
    manifest('..', { path: '/../..' }),
    { put: 'gtype', value: gtype(MARKUP, LONG) },
    { put: 'gtype', value: gtype(SCRIPT, MARKUP) },
  ];
}

export function testHostileStore(browser: StudioBrowser): void {
  test('a store with markup, scripts, turned text and 5 MiB strings is shown as what it is: text', async () => {
    const storage = createInMemoryStorage();
    await storage.commit(await hostileChanges(), { note: `${MARKUP} ${TURNED}` });
    const page = await browser.open(
      await browser.serve(storage, { write: true, url: `sqlite:./${MARKUP}.db` }),
    );
    const title = (): Promise<string> => page.title();
    await settled(page);

    const rows = page.locator('a.handler-row');
    await expect.poll(() => rows.count()).toBe(3);
    const texts = (await rows.allInnerTexts()).join('\n');
    expect(texts).toContain(MARKUP);
    expect(texts).toContain(SCRIPT);
    // What turns round what follows is seen as what it is.
    expect(texts).toContain('adminU+202Etxt.exe');

    await rows.filter({ hasText: MARKUP }).click();
    await settled(page);
    await expect.poll(title).toBe(`${MARKUP} · Gati Studio`);
    const request = page.getByRole('region', { name: 'Request' });
    expect(await seen(request)).toContain(`${MARKUP}?`);
    const description = request.locator('.description');
    expect((await seen(description)).length).toBeLessThan(1000);
    await description.getByRole('button', { name: /show all/ }).click();
    expect((await seen(description)).length).toBeGreaterThan(4000);
    expect(await seen(description)).toMatch(/5\.0 MiB, all of it is in the record/);

    await goTo(page, `/records/gtype/${encodeURIComponent(MARKUP)}`);
    await page.getByRole('button', { name: /load all \(5\.0 MiB\)/ }).click();
    await page.getByRole('button', { name: /show all \(5\.0 MiB\)/ }).click();
    const whole = page.getByRole('region', { name: 'JSON' });
    await expect
      .poll(() => whole.evaluate((region) => region.textContent?.length))
      .toBeGreaterThan(LONG.length);

    await goTo(page, '/handlers/..');
    await expect.poll(() => seen(page.locator('h1'))).toBe('..');
    for (const place of [
      '/commits',
      '/commits/1',
      `/impact/gtype/${encodeURIComponent(SCRIPT)}`,
      '/impact/dependency',
    ]) {
      await goTo(page, place);
      expect(
        await page
          .locator('a')
          .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).protocol)),
      ).not.toContain('javascript:');
      expect(await page.locator('img, script:not([src])').count()).toBe(0);
    }
    expect(await title()).toContain('Gati Studio');
  });
}
