import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import type { Plugin } from 'vite';
import { afterAll, beforeAll } from 'vitest';
import { buildSite } from './build-site.js';
import { launchChromium, unpackChromium } from './chromium.js';
import { POLICY, type ServedFolder, serveFolder } from './serve-folder.js';

/** A page in a browser, while the tests of a file run. */
export interface Site {
  /** Where its files are. */
  readonly folder: string;
  /** Of Vite, when it was bundled. */
  readonly warnings: readonly string[];
  /** Each host is a site of its own to the browser. With a policy, the page is served under that Content-Security-Policy. */
  address(host?: string, policy?: string): string;
  readonly browser: BrowserContext;
  /** One more browser. What has the same profile has the same data. */
  launch(profile: string): Promise<BrowserContext>;
}

export function useSite(name: string, plugins: readonly Plugin[] = []): Site {
  const temporary = mkdtempSync(join(tmpdir(), 'gati-browser-'));
  const folder = join(temporary, name);
  const launched: BrowserContext[] = [];
  let executable: string;
  let server: ServedFolder | undefined;

  const launch = async (profile: string): Promise<BrowserContext> => {
    const browser = await launchChromium(executable, { profile: join(temporary, profile), temporary });
    launched.push(browser);
    return browser;
  };
  const address = (host = 'localhost', policy?: string): string => {
    const page = new URL(`http://${host}:${server?.port}/`);
    if (policy !== undefined) page.searchParams.set(POLICY, policy);
    return page.href;
  };
  const site = { folder, launch, address };

  beforeAll(async () => {
    const warnings = await buildSite(name, folder, plugins);
    server = await serveFolder(folder);
    executable = await unpackChromium();
    Object.assign(site, { warnings, browser: await launch('profile') });
  });
  afterAll(async () => {
    await Promise.all(launched.map((browser) => browser.close()));
    await server?.close();
    rmSync(temporary, { recursive: true, force: true });
  });
  return site as Site;
}
