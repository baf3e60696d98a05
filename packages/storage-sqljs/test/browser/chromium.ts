import { type BrowserContext, chromium as playwright } from 'playwright-core';

export { hasChromium, unpackChromium } from '../../../../scripts/chromium.mjs';

/** Hosts of this ending lead to this machine too, but not securely: that is for `localhost` alone. */
export const INSECURE = 'test';

export const BROWSER_ARGUMENTS: string[] = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  `--host-resolver-rules=MAP *.${INSECURE} 127.0.0.1`,
];

/** With a profile in a folder: without one, the browser would keep IndexedDB in memory. */
export function launchChromium(
  executablePath: string,
  { profile, temporary }: { profile: string; temporary: string },
): Promise<BrowserContext> {
  return playwright.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: BROWSER_ARGUMENTS,
    env: { ...process.env, TMPDIR: temporary },
  });
}

/** Ends the browser as the system would for want of memory: nothing is told, nothing is finished. */
export async function killChromium(browser: BrowserContext): Promise<void> {
  const session = await browser.browser()?.newBrowserCDPSession();
  const { processInfo = [] } = (await session?.send('SystemInfo.getProcessInfo')) ?? {};
  const main = processInfo.find(({ type }) => type === 'browser');
  if (main === undefined) throw new Error('The browser does not tell its process');
  const closed = new Promise((resolve) => browser.once('close', resolve));
  process.kill(main.id, 'SIGKILL');
  await closed;
}
