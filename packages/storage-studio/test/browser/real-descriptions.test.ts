import type { Storage } from '@gati-framework/manifest-store';
import { beforeAll, describe } from 'vitest';
import { hasChromium } from '../../../storage-sqljs/test/browser/chromium.js';
import { BROWSER_TIMEOUT, useBrowser } from '../support/browser.js';
import { filledStorage } from '../support/figma.js';
import { testBackends } from './each-backend.js';
import { testPage } from './page.js';
import { testViews } from './views.js';

// One browser and one import for all of them: both take longer than most tests.
describe.skipIf(!hasChromium)('on a real description in two versions,', { timeout: BROWSER_TIMEOUT }, () => {
  const browser = useBrowser();
  let storage: Storage;
  const filled = (): Storage => storage;

  beforeAll(async () => {
    storage = await filledStorage();
  }, BROWSER_TIMEOUT);

  testViews(browser, filled);
  testPage(browser, filled);
  testBackends(browser, filled);
});
