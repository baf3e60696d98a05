import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage } from '@gati-framework/manifest-store';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.js';
import { type StudioBrowser, seen, settled } from '../support/browser.js';
import { storageWithOrders } from '../support/figma.js';
import { ORDERS } from '../support/orders.js';

export function testChanges(browser: StudioBrowser): void {
  describe('with --write, behind a look at what it would change, the studio', () => {
    let storage: Storage;

    beforeEach(async () => {
      storage = await storageWithOrders();
    });

    const open = async (what: string, expected?: RegExp): Promise<Page> => {
      const studio = await browser.serve(storage, { write: true });
      const page = await browser.open(studio, { at: `/change/${what}`, ...(expected && { expected }) });
      await settled(page);
      return page;
    };
    const look = (page: Page) => page.getByRole('button', { name: 'Show what it would change' }).click();
    const said = (page: Page) => page.getByRole('region', { name: 'What it would change' });

    test('rolls back, and not if somebody else has committed meanwhile', async () => {
      const before = await storage.getManifest(ORDERS, '3.0.0');
      await storage.commit([{ delete: 'manifest', key: { handlerId: ORDERS, version: '3.0.0' } }], {
        note: 'oops',
      });
      const page = await open('rollback?to=1', /409/);
      await look(page);
      await expect
        .poll(() => seen(said(page)))
        .toMatch(/as of revision 2[\s\S]*r2 oops[\s\S]*\+[\s\S]*orders\.create 3\.0\.0/);
      expect((await storage.stats()).revision).toBe(2);

      await storage.storeGType({ ref: 'Meanwhile', kind: 'object' });
      await page.getByRole('button', { name: 'Roll back to 1' }).click();
      await expect.poll(() => seen(page.getByRole('alert'))).toMatch(/STORAGE_CONFLICT/);
      expect((await storage.stats()).revision).toBe(3);

      await page.getByRole('textbox', { name: 'Why, for the history' }).fill('the wrong store');
      await look(page);
      await page.getByRole('button', { name: 'Roll back to 1' }).click();
      await expect.poll(() => seen(page.locator('.notice.good'))).toBe('Done, as revision 4.');
      expect(await storage.getManifest(ORDERS, '3.0.0')).toEqual(before);
      expect(await storage.getGType('Meanwhile')).toBeUndefined();
    });

    test('prunes versions that are decommissioned', async () => {
      const page = await open('prune');
      await page.getByRole('spinbutton', { name: 'Keep of each handler' }).fill('');
      await page.getByRole('spinbutton', { name: 'Older than days' }).fill('1');
      await page.getByRole('checkbox', { name: 'Also those that others refer to' }).check();
      await page.getByRole('textbox', { name: 'Protect' }).fill(`${ORDERS}@1.1.0`);
      await look(page);
      const versions = page.getByRole('region', { name: '2 decommissioned versions' });
      await expect.poll(() => seen(versions)).toMatch(/1\.0\.0 can go[\s\S]*1\.1\.0 stays: /);
      await page.getByRole('button', { name: 'Delete these versions' }).click();
      await expect.poll(() => seen(page.locator('.notice.good'))).toBe('Done, as revision 2.');
      expect(await storage.getManifest(ORDERS, '1.0.0')).toBeUndefined();
      expect(await storage.getManifest(ORDERS, '1.1.0')).toBeDefined();
    });

    test('deletes what nothing else refers to', async () => {
      const page = await open('delete?kind=gtype&key=Money');
      await look(page);
      await expect.poll(() => seen(said(page))).toMatch(/2 records that stay refer to it/);
      expect(await page.getByRole('button', { name: 'Delete', exact: true }).count()).toBe(0);
      await storage.storeGType({ ref: 'Unused', kind: 'object' });
      await page.getByRole('textbox', { name: 'GType' }).fill('Unused');
      await look(page);
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await expect.poll(() => seen(page.locator('.notice.good'))).toBe('Done, as revision 3.');
      expect(await storage.getGType('Unused')).toBeUndefined();
      expect(await storage.getGType('Money')).toBeDefined();
    });

    test('deploys a bundle', async () => {
      const bundle = join(temporaryFolder(), 'records.json');
      const gtypes = [{ ref: 'Coupon', kind: 'object', properties: {} }];
      writeFileSync(bundle, JSON.stringify({ format: 'gati-storage-deployment', version: 1, gtypes }));
      const page = await open('deploy');
      await page.getByLabel('File', { exact: true }).setInputFiles(bundle);
      await look(page);
      await expect.poll(() => seen(said(page))).toMatch(/GType \+1[\s\S]*Coupon/);
      expect(await storage.getGType('Coupon')).toBeUndefined();
      await page.getByRole('button', { name: 'Deploy', exact: true }).click();
      await expect.poll(() => seen(page.locator('.notice.good'))).toBe('Done, as revision 2.');
      expect(await storage.getGType('Coupon')).toEqual(gtypes[0]);
    });
  });

  describe('without --write, the studio', () => {
    test('offers nothing that changes the store', async () => {
      const page = await browser.open(await browser.serve(await storageWithOrders()), {
        at: `/handlers/${ORDERS}`,
      });
      await settled(page);
      expect(await page.getByRole('link', { name: /Change|Delete|Roll back/ }).count()).toBe(0);
      await page.goto(`${page.url().split('#')[0]}#/change/rollback?to=0`);
      await expect.poll(() => seen(page.locator('.notice'))).toMatch(/only reads[\s\S]*--write/);
      expect(await page.getByRole('button', { name: 'Show what it would change' }).count()).toBe(0);
    });
  });
}
