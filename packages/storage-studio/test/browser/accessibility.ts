import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { goTo, type StudioBrowser } from '../support/browser.js';
import { storageWithOrders } from '../support/figma.js';
import { ORDERS } from '../support/orders.js';

const VIEWS = [
  '/',
  '/?q=nothing-is-like-this',
  `/handlers/${ORDERS}`,
  '/compare',
  `/compare?id=${ORDERS}&before=2.1.0&after=3.0.0`,
  '/compare?from=this@0&to=this@1',
  '/impact/gtype',
  '/impact/gtype/Money',
  '/impact/dependency/stripe',
  '/commits',
  '/commits/1',
  '/check',
  '/change/deploy',
  '/change/rollback?to=1',
  '/change/prune',
  '/change/delete?kind=gtype&key=Money',
  `/records/manifest/${ORDERS}/1.0.0`,
  '/health',
  '/nowhere',
  '/?at=0',
];

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** In light and in dark, wide and narrow. */
export function testAccessibility(browser: StudioBrowser): void {
  describe('every view of the studio', () => {
    // What differs in the dark are the colours.
    test.each([
      ['light', undefined],
      ['dark', ['color-contrast', 'link-in-text-block']],
    ] as const)('has nothing that axe finds fault with, in %s', async (theme, rules) => {
      const page = await browser.open(await browser.serve(await storageWithOrders(), { write: true }), {
        theme,
      });
      await page.evaluate(AXE);
      const found: string[] = [];
      for (const view of VIEWS) {
        await goTo(page, view);
        found.push(...(await violations(page, rules)).map((violation) => `${view}: ${violation}`));
      }
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      expect([...found, ...(await violations(page, rules))]).toEqual([]);
    });

    test('fits into 360 pixels', async () => {
      const page = await browser.open(await browser.serve(await storageWithOrders(), { write: true }), {
        width: 360,
      });
      for (const view of VIEWS) {
        await goTo(page, view);
        const { wanted, there } = await page.locator('.main').evaluate((main) => ({
          wanted: main.scrollWidth,
          there: main.clientWidth,
        }));
        expect.soft(wanted, view).toBeLessThanOrEqual(there);
      }
    });

    test('is where it was when its answers come: nothing jumps', async () => {
      const page = await browser.open(await browser.serve(await storageWithOrders()));
      await page.evaluate(() => {
        const shifts: number[] = [];
        Object.assign(globalThis, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            shifts.push((entry as PerformanceEntry & { value: number }).value);
        }).observe({ type: 'layout-shift', buffered: true });
      });
      for (const view of ['/', '/commits', '/', '/impact/gtype', '/']) await goTo(page, view);
      const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts);
      expect(shifts.reduce((sum, one) => sum + one, 0)).toBeLessThan(0.1);
    });
  });
}

interface Axe {
  run(options: object): Promise<AxeResults>;
}

async function violations(page: Page, rules: readonly string[] | undefined): Promise<string[]> {
  const { violations: found } = await page.evaluate(
    (options) => (globalThis as unknown as { axe: Axe }).axe.run(options),
    rules === undefined ? {} : { runOnly: [...rules] },
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
  );
}
