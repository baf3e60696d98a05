import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change, Entry } from '@gati-framework/manifest-store';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { gtype, manifest } from '@gati-framework/storage-testkit';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { buildSite } from './browser/build-site.js';
import type { Place } from './browser/calls.js';
import { hasChromium, INSECURE, killChromium } from './browser/chromium.js';
import { openPage } from './browser/open-page.js';
import { createDatabase, deleteDatabase, readSizes } from './browser/raw-indexed-db.js';
import { type Remote, remote } from './browser/remote.js';
import type { StoreActions } from './browser/store-page/actions.js';
import { useSite } from './browser/use-site.js';

/** A log of this many bytes is folded into a snapshot. */
const LONG_LOG = 1024 * 1024;

describe.skipIf(!hasChromium)('sql.js, in Chromium', () => {
  const site = useSite('store-page');

  const open = (host?: string): Promise<Page> => openPage(site.browser, site.address(host));
  const storeIn = (page: Page, place: Place = 'page'): Remote<StoreActions> => remote(page, place);
  const openStore = async (place?: Place, host?: string) => storeIn(await open(host), place);

  describe('bundled by Vite', () => {
    test('it needs nothing of Node.js, and Vite has nothing to warn of', () => {
      expect(site.warnings).toEqual([]);
      const scripts = readdirSync(join(site.folder, 'assets')).filter((name) => name.endsWith('.js'));
      expect(scripts.length).toBeGreaterThan(0);
      for (const name of scripts) {
        const script = readFileSync(join(site.folder, 'assets', name), 'utf8');
        expect(script).not.toMatch(/["'`]node:|\brequire\(|__vite-browser-external/);
      }
    });

    test('the build of sql.js for browsers is taken', () => {
      const names = readdirSync(join(site.folder, 'assets')).filter((name) => name.startsWith('sql-wasm'));
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(name).toMatch(/^sql-wasm-browser-[^.]+\.(js|wasm)$/);
    });

    test('Vite would have warned of modules of Node.js', async () => {
      const warnings = await buildSite('conformance-page', join(site.folder, '../without-stand-ins'));
      expect(warnings).toContainEqual(expect.stringContaining('"node:vm" has been externalized'));
    });
  });

  describe.each<Place>(['page', 'worker'])('in a %s', (place) => {
    test('everything acknowledged is there after a reload, without closing', async () => {
      const page = await open();
      const store = storeIn(page, place);
      await store.openIndexedDb(`reloaded-${place}`);
      await store.storeManifest(manifest());
      await store.storeGType(gtype());
      const batch = Array.from({ length: 100 }, (_, i) => gtype({ ref: `batch-${i}` }));
      await store.commit(batch.map((value): Change => ({ put: 'gtype', value })));
      const atOnce = Array.from({ length: 20 }, (_, i) => gtype({ ref: `at-once-${i}` }));
      await Promise.all(atOnce.map((value) => store.storeGType(value)));
      const before = await store.read();
      expect(before.revision).toBe(23);

      await page.reload();
      await store.openIndexedDb(`reloaded-${place}`);
      expect(await store.read()).toEqual(before);
      expect(before.entries.map(({ value }) => value)).toEqual([manifest(), gtype(), ...batch, ...atOnce]);
    });

    test('also when the log was folded into a snapshot in between', async () => {
      const page = await open();
      const store = storeIn(page, place);
      await store.openIndexedDb(`folded-${place}`);
      const description = 'x'.repeat(LONG_LOG / 3);
      for (let i = 0; i < 10; i++) await store.storeGType(gtype({ ref: `${i}`, description }));
      const before = await store.read();

      await page.reload();
      await store.openIndexedDb(`folded-${place}`);
      expect(await store.read()).toEqual(before);
      expect(before.revision).toBe(10);
    });

    test('a second page is refused until the first closes its storage', async () => {
      const [first, second] = [await openStore(place), await openStore()];
      await first.openIndexedDb(`taken-${place}`);
      await first.storeGType(gtype());
      await expect(second.openIndexedDb(`taken-${place}`)).rejects.toMatchObject({
        name: 'StorageError',
        code: 'STORAGE_LOCKED',
        message: expect.stringContaining(`taken-${place}`),
      });
      await first.close();
      await second.openIndexedDb(`taken-${place}`);
      expect((await second.read()).revision).toBe(1);
    });

    test('a page that is gone without closing its storage has let go', async () => {
      const page = await open();
      const first = storeIn(page, place);
      await first.openIndexedDb(`abandoned-${place}`);
      await first.storeGType(gtype());
      await page.close();

      const second = await openStore();
      await second.openIndexedDb(`abandoned-${place}`);
      expect((await second.read()).revision).toBe(1);
    });

    test('without a place to keep it, a store is in memory', async () => {
      const store = await openStore(place);
      await store.openInMemory();
      await store.storeGType(gtype());
      expect((await store.read()).entries).toHaveLength(1);
      await store.close();
      await store.openInMemory();
      expect((await store.read()).entries).toEqual([]);
    });

    test('the content of the WebAssembly file can be given instead of its address', async () => {
      const store = await openStore(place);
      await store.openWithContentOfWasm();
      await store.storeGType(gtype());
      expect((await store.read()).revision).toBe(1);
    });

    test('where the WebAssembly file is not, the error says so, and the right address can follow', async () => {
      const store = await openStore(place);
      await expect(store.openWithWasmAt('/nowhere.wasm')).rejects.toMatchObject({
        name: 'StorageError',
        code: 'STORAGE_DRIVER_MISSING',
        message: expect.stringMatching(/nowhere\.wasm answered 404.*locateFile/),
      });
      await store.openInMemory();
    });

    test('a file name is refused, and the message says what to give instead', async () => {
      const store = await openStore(place);
      await expect(store.openFile('gati.db')).rejects.toMatchObject({
        name: 'StorageError',
        code: 'INVALID_OPTIONS',
        path: 'options.filename',
        message: expect.stringContaining('options.persistence'),
      });
    });

    test('Node.js imports what the browser exports', async () => {
      const store = await openStore(place);
      await store.openIndexedDb(`exported-${place}`);
      await store.commit([
        { put: 'manifest', value: manifest() },
        { put: 'gtype', value: gtype() },
      ]);
      const storage = createSqlJsStorage();
      await storage.import(Uint8Array.from(await store.export()));
      const imported: Entry[] = [];
      for await (const entry of storage.entries()) imported.push(entry);
      await storage.close();
      expect(imported).toEqual((await store.read()).entries);
    });
  });

  test('a page that waits gets the store as soon as the other lets go', async () => {
    const [first, second] = [await openStore(), await openStore()];
    await first.openIndexedDb('awaited');
    const opening = second.openIndexedDb('awaited', { lockTimeout: 60_000 });
    await first.storeGType(gtype());
    await first.close();
    await opening;
    expect((await second.read()).revision).toBe(1);
  });

  test('a store can be read while another page owns it, and leaves nothing open', async () => {
    const [first, page] = [await openStore(), await open()];
    await first.openIndexedDb('read');
    await first.storeGType(gtype());
    const reader = storeIn(page);
    await reader.openIndexedDb('read', { readOnly: true });
    expect((await reader.read()).revision).toBe(1);
    await expect(reader.storeGType(gtype())).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
    await reader.close();
    await first.close();
    await deleteDatabase(page, 'read');
  });

  test('everything acknowledged is there after the browser was killed', async () => {
    const browser = await site.launch('killed');
    const page = await browser.newPage();
    await page.goto(site.address());
    const store = storeIn(page);
    await store.openIndexedDb('killed');
    const acknowledged: string[] = [];
    await new Promise<void>((resolve) => {
      const acknowledge = (ref: string) => {
        acknowledged.push(ref);
        if (acknowledged.length === 100) resolve();
      };
      // Long enough for some foldings on the way; ends with the browser.
      const endless = () => store.storeWithoutEnd('x'.repeat(LONG_LOG / 20));
      page
        .exposeFunction('acknowledge', acknowledge)
        .then(endless)
        .catch(() => {});
    });
    await killChromium(browser);

    const survivor = storeIn(await openPage(await site.launch('killed'), site.address()));
    await survivor.openIndexedDb('killed');
    const { entries, revision } = await survivor.read();
    const refs = entries.map(({ key }) => (key as { ref: string }).ref);
    expect(refs.slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(revision).toBe(refs.length);
  });

  test('a write that finds no room is refused, and the store goes on once there is', async () => {
    const page = await open('full.localhost');
    const origin = new URL(page.url()).origin;
    const session = await site.browser.newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: LONG_LOG });
    const store = storeIn(page);
    await store.openIndexedDb('full');
    await store.storeGType(gtype({ ref: 'before' }));
    // At random: the browser compresses what it stores.
    const description = Array.from({ length: LONG_LOG }, () => Math.random().toString(36).slice(2, 8)).join(
      '',
    );
    const large = gtype({ ref: 'large', description });
    await expect(store.storeGType(large)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    await store.storeGType(gtype({ ref: 'small' }));

    await session.send('Storage.overrideQuotaForOrigin', { origin });
    await store.storeGType(large);
    await page.reload();
    await store.openIndexedDb('full');
    const { entries } = await store.read();
    expect(entries.map(({ key }) => key)).toEqual([{ ref: 'before' }, { ref: 'small' }, { ref: 'large' }]);
  });

  test('a store whose data the user clears refuses to go on, and can be opened anew', async () => {
    const page = await open('cleared.localhost');
    const store = storeIn(page);
    await store.openIndexedDb('cleared');
    await store.storeGType(gtype());
    const session = await site.browser.newCDPSession(page);
    const { origin } = new URL(page.url());
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
    await expect(store.storeGType(gtype())).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
    await expect(store.read()).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
    await store.close();
    await store.openIndexedDb('cleared');
    expect(await store.read()).toEqual({ entries: [], revision: 0 });
  });

  test('where pages have no Web Locks, the last to open owns the store and no acknowledged write is lost', async () => {
    const host = `insecure.${INSECURE}`;
    const page = await open(host);
    expect(await page.evaluate(() => 'locks' in navigator)).toBe(false);
    const first = storeIn(page);
    await first.openIndexedDb('unlocked');
    await first.storeGType(gtype({ ref: 'first' }));
    const second = await openStore('page', host);
    await second.openIndexedDb('unlocked');
    await expect(first.storeGType(gtype({ ref: 'late' }))).rejects.toMatchObject({
      code: 'STORAGE_REPLACED',
    });
    await second.storeGType(gtype({ ref: 'second' }));
    await first.close();
    await second.close();

    await first.openIndexedDb('unlocked');
    const { entries } = await first.read();
    expect(entries.map(({ key }) => key)).toEqual([{ ref: 'first' }, { ref: 'second' }]);
  });

  test('a database of another application or of a newer version is left alone', async () => {
    const page = await open();
    const store = storeIn(page);
    await createDatabase(page, 'foreign', 1, 'customers');
    await expect(store.openIndexedDb('foreign')).rejects.toMatchObject({ code: 'STORAGE_FOREIGN' });
    await createDatabase(page, 'newer', 2, 'snapshot');
    await expect(store.openIndexedDb('newer')).rejects.toMatchObject({ code: 'STORAGE_SCHEMA_TOO_NEW' });
  });

  test('a commit takes the room of its own bytes', async () => {
    const page = await open();
    const store = storeIn(page);
    await store.openIndexedDb('small');
    for (const ref of ['a', 'b', 'c']) await store.storeGType(gtype({ ref }));
    const sizes = await readSizes(page, 'small', 'log');
    expect(sizes).toHaveLength(3);
    for (const [stored, needed] of sizes) expect(stored).toBe(needed);
  });
});
