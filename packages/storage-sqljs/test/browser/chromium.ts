import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type BrowserContext, chromium as playwright } from 'playwright-core';
import { withVariable } from './with-variable.js';

/** Chromium is carried by a package, for this platform only. */
export const hasChromium: boolean = process.platform === 'linux' && process.arch === 'x64';

const ARGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
];

/** With a profile in a folder: without one, the browser would keep IndexedDB in memory. */
export async function launchChromium(folder: string): Promise<BrowserContext> {
  return playwright.launchPersistentContext(join(folder, 'profile'), {
    // It unpacks itself into the folder for temporary files, and takes what another process has half unpacked there.
    executablePath: await withVariable('TMPDIR', folder, () => chromium.executablePath()),
    headless: true,
    args: ARGS,
    env: { ...process.env, TMPDIR: folder },
  });
}
