/// <reference lib="dom" />
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeDocumentedFiles } from '../../../../test/support/documented-files.js';
import { installPackages } from '../../../../test/support/project.js';
import { hasChromium } from './chromium.js';
import { openPage } from './open-page.js';
import type {} from './ownership-page/page.js';
import { useSite } from './use-site.js';

describe.skipIf(!hasChromium)('sql.js is loaded', () => {
  const site = useSite('ownership-page');

  beforeAll(() => {
    if (!hasChromium) return;
    installPackages(site.folder);
    writeDocumentedFiles('packages/manifest-store/docs/runtimes.md', site.folder);
    const wasm = 'sql-wasm-browser.wasm';
    copyFileSync(join(site.folder, 'node_modules/sql.js/dist', wasm), join(site.folder, wasm));
  });

  const openPolicy = async (policy: string): Promise<string> => {
    const page = await openPage(site.browser, site.address('localhost', policy));
    await page.waitForFunction(() => 'gati' in globalThis);
    return page.evaluate(() => gati.outcome(gati.open('under a policy')));
  };

  test('under a Content-Security-Policy that lets it, and otherwise the message says what is missing', async () => {
    expect(await openPolicy("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'")).toBe('ok');
    expect(await openPolicy("default-src 'self'")).toMatch(
      /^STORAGE_DRIVER_MISSING: .*Content-Security-Policy allow it: script-src 'wasm-unsafe-eval'/,
    );
  });

  test('without a bundler, by a script element and an import map', async () => {
    const page = await openPage(site.browser, `${site.address()}import-map.html`);
    await page.waitForFunction(() => document.title === 'At revision 1');
  });

  test('without a bundler and a script element not, and the message says what to give', async () => {
    const page = readFileSync(join(site.folder, 'import-map.html'), 'utf8')
      .replace(/<script src.*\n/, '')
      .replace('"devalue"', '"sql.js": "/node_modules/sql.js/dist/sql-wasm-browser.js", "devalue"')
      .replace(
        'await storage.',
        'globalThis.opening = storage.open().catch(({ message }) => message);\n await storage.',
      );
    writeFileSync(join(site.folder, 'no-script.html'), page);
    const opened = await site.browser.newPage(); // what its script throws is looked at here
    await opened.goto(`${site.address()}no-script.html`);
    const opening = await opened.waitForFunction(() => (globalThis as { opening?: Promise<string> }).opening);
    expect(await opening.jsonValue()).toMatch(
      /sql\.js cannot be loaded: it is no ES module.*script element.*optimizeDeps/,
    );
    await opened.close();
  });

  describe('in a service worker', () => {
    /** Bundled so that what is imported later is another file. */
    const bundle = (name: string): Promise<unknown> =>
      build({
        entryPoints: [join(site.folder, `${name}.mjs`)],
        outdir: site.folder,
        bundle: true,
        splitting: true,
        format: 'esm',
        conditions: ['browser'],
        logLevel: 'silent',
      });

    const ask = (page: Page, script: string): Promise<object> =>
      page.evaluate(async (script) => {
        const { installing, active } = await navigator.serviceWorker.register(script, { type: 'module' });
        const worker = (installing ?? active) as ServiceWorker;
        const { port1, port2 } = new MessageChannel();
        worker.postMessage({ ref: 'User', kind: 'object' }, [port2]);
        return new Promise<object>((resolve) => {
          port1.onmessage = ({ data }) => resolve(data);
        });
      }, script);

    test('when it is handed over', async () => {
      await bundle('service-worker');
      const page = await openPage(site.browser, site.address());
      expect(await ask(page, '/service-worker.js')).toEqual({ revision: 1 });
    });

    test('not by itself, and the message says what to give', async () => {
      const script = readFileSync(join(site.folder, 'service-worker.mjs'), 'utf8');
      writeFileSync(
        join(site.folder, 'without.mjs'),
        script.replace("import sqlJs from 'sql.js';", '').replace('sqlJs,', ''),
      );
      await bundle('without');
      const page = await openPage(site.browser, site.address());
      expect(await ask(page, '/without.js')).toEqual({
        code: 'STORAGE_DRIVER_MISSING',
        message: expect.stringMatching(/import\(\) is disallowed.*give it as the option sqlJs/),
      });
    });
  });
});
