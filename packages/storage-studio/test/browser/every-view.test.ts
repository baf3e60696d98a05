import { describe } from 'vitest';
import { hasChromium } from '../../../storage-sqljs/test/browser/chromium.js';
import { BROWSER_TIMEOUT, useBrowser } from '../support/browser.js';
import { testAccessibility } from './accessibility.js';
import { testChanges } from './changes.js';
import { testHostileStore } from './hostile-store.js';

describe.skipIf(!hasChromium)('on records of every kind,', { timeout: BROWSER_TIMEOUT }, () => {
  const browser = useBrowser();

  testAccessibility(browser);
  testChanges(browser);
  testHostileStore(browser);
});
