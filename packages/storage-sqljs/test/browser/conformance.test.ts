import { CASE_TIMEOUT, type CaseResult, casesByGroup } from '@gati-framework/storage-testkit';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Place } from './calls.js';
import { hasChromium } from './chromium.js';
import type { ConformanceActions } from './conformance-page/actions.js';
import { nodeStandIns } from './node-stand-ins.js';
import { uncaughtIn } from './open-page.js';
import { remote } from './remote.js';
import { useSite } from './use-site.js';

describe.skipIf(!hasChromium)('the conformance suite in Chromium, on IndexedDB', () => {
  const site = useSite('conformance-page', [nodeStandIns()]);

  describe.each<Place>(['page', 'worker'])('in a %s', (place) => {
    const results: CaseResult[] = [];
    let page: Page;
    let uncaught: readonly Error[];

    beforeAll(async () => {
      page = await site.browser.newPage();
      uncaught = uncaughtIn(page);
      await page.goto(site.address());
      return () => page.close();
    });

    describe.each([...casesByGroup()])('%s', (group, cases) => {
      for (const { name } of cases) {
        test(name, { timeout: CASE_TIMEOUT }, async (context) => {
          const result = await remote<ConformanceActions>(page, place).runCase(group, name);
          results.push(result);
          if (result.skipped !== undefined) context.skip(result.skipped);
        });
      }
    });

    test('only what takes several processes, damage or a place that is blocked is left out, and nothing is thrown beside the cases', () => {
      const reasons = results.flatMap(({ skipped }) => skipped ?? []);
      expect(new Set(reasons)).toEqual(
        new Set(['needs capabilities.multiProcess', "needs the target's damage", "needs the target's block"]),
      );
      expect(results.length - reasons.length).toBeGreaterThan(250);
      expect(uncaught).toEqual([]);
    });
  });
});
