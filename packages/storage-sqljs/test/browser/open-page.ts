import type { BrowserContext, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';

/** A page until the test ends, which fails when something was thrown in it or in its worker and not caught. */
export async function openPage(browser: BrowserContext, address: string): Promise<Page> {
  const page = await browser.newPage();
  const uncaught = uncaughtIn(page);
  onTestFinished(async () => {
    await page.close();
    expect(uncaught).toEqual([]);
  });
  await page.goto(address);
  return page;
}

/** What is thrown in a page and not caught, from now on. */
export function uncaughtIn(page: Page): readonly Error[] {
  const uncaught: Error[] = [];
  page.on('pageerror', (error) => uncaught.push(error));
  return uncaught;
}
