import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Storage } from '@gati-framework/manifest-store';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { BROWSER_ARGUMENTS, unpackChromium } from '../../../storage-sqljs/test/browser/chromium.js';
import { openStudio, type Studio, type StudioOptions } from '../../src/index.js';

export interface PageOptions {
  /** Pixels. Default: 1280. */
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  /** What stands behind `#`. Default: the overview. */
  readonly at?: string;
  /** Errors that the browser may tell of, such as an answer that is none. */
  readonly expected?: RegExp;
  /** Done with the page before it is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** One browser for the tests of a file. */
export interface StudioBrowser {
  /** Serves a storage until the test ends. */
  serve(storage: Storage, options?: StudioOptions): Promise<Studio>;
  /** The page of a studio until the test ends, which fails if the browser told of any error meanwhile, one of the policy too. */
  open(studio: Pick<Studio, 'url'>, options?: PageOptions): Promise<Page>;
}

/** Milliseconds: a machine that is busy unpacks and starts a browser for a long time. */
export const BROWSER_TIMEOUT = 180_000;

export function useBrowser(): StudioBrowser {
  const temporary = mkdtempSync(join(tmpdir(), 'gati-browser-'));
  let browser: Browser;

  beforeAll(async () => {
    const executablePath = await unpackChromium();
    const env = { ...process.env, TMPDIR: temporary };
    browser = await chromium.launch({ executablePath, headless: true, args: BROWSER_ARGUMENTS, env });
  }, BROWSER_TIMEOUT);
  afterAll(async () => {
    await browser?.close();
    rmSync(temporary, { recursive: true, force: true });
  });
  return {
    async serve(storage, options = {}) {
      const failures: unknown[] = [];
      const studio = await openStudio(storage, { onError: (error) => failures.push(error), ...options });
      onTestFinished(async () => {
        await studio.close();
        expect(failures).toEqual([]);
      });
      return studio;
    },
    async open(studio, { width = 1280, theme = 'light', at, expected, prepare } = {}) {
      const viewport = { width, height: width < 500 ? 740 : 800 };
      const context = await browser.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce' });
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      const told = errorsOf(page, expected);
      onTestFinished(async () => {
        await context.close();
        expect(told).toEqual([]);
      });
      await prepare?.(page);
      await page.goto(at === undefined ? studio.url : `${studio.url}&to=${encodeURIComponent(at)}`);
      return page;
    },
  };
}

function errorsOf(page: Page, expected: RegExp | undefined): readonly string[] {
  const told: string[] = [];
  const tell = (text: string): void => {
    if (expected?.test(text) !== true) told.push(text);
  };
  page.on('pageerror', (error) => tell(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') tell(message.text());
  });
  return told;
}

/** Goes to a place of the page as a click on a link would, and waits until nothing is asked for any more. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, address);
  await settled(page);
}

/** The text of something as a reader sees it, with spaces between its parts. */
export function seen(place: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: what is laid out apart has no spaces in the document
  return place.innerText();
}

/** Everything that the view asks for is there. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  await expect.poll(async () => await page.locator('.waiting, .command-line:empty').count()).toBe(0);
}
