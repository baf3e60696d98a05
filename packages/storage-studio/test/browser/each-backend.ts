import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Storage } from '@gati-framework/manifest-store';
import { openStorage } from '@gati-framework/storage-tools';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { currentNode } from '../../../../scripts/current-node.mjs';
import { temporaryFolder } from '../../../../test/support/temporary-folder.js';
import { BACKENDS, ownStore } from '../support/backends.js';
import { goTo, type StudioBrowser, seen } from '../support/browser.js';
import { COUPON, NOTES, repeatCommits } from '../support/figma.js';
import { ORDERS } from '../support/orders.js';

const COMMAND = fileURLToPath(new URL('../../../storage-cli/dist/bin.js', import.meta.url));

/** The main views, with the same content in every backend but memory, which the other tests look at. */
export function testBackends(browser: StudioBrowser, filled: () => Storage): void {
  describe('the page shows the same, and a deployment as it is made,', () => {
    test.each(BACKENDS.filter((backend) => backend !== 'memory'))('on %s', async (backend) => {
      const { url, remove } = await ownStore(backend);
      onTestFinished(remove);
      const store = await openStorage(url);
      onTestFinished(() => store.close());
      await repeatCommits(filled(), store);
      const studio = await browser.serve(store, { url });
      await walk(browser, studio, backend, async () => {
        // Its file is this process's alone.
        if (backend === 'sql.js') await store.commit([COUPON], { note: NOTE });
        else await deployElsewhere(url);
      });
    });

    test.skipIf(!existsSync(currentNode()))('on the SQLite of Node.js', async () => {
      const url = `sqlite:${join(temporaryFolder(), 'gati.db')}`;
      const store = await openStorage(url);
      await repeatCommits(filled(), store).finally(() => store.close());
      const studio = await serveElsewhere(currentNode(), url);
      await walk(browser, studio, 'node-sqlite', () => deployElsewhere(url));
    });
  });
}

const NOTE = 'deployed elsewhere';

async function walk(
  browser: StudioBrowser,
  studio: { readonly url: string },
  backend: string,
  deploy: () => Promise<void>,
): Promise<void> {
  const page = await browser.open(studio, { at: '/commits' });
  await expect.poll(() => page.locator('.commit-row .note').allInnerTexts()).toEqual(NOTES.toReversed());
  await page.getByRole('button', { name: /revision 3 live/ }).waitFor();
  const shown = appearance(page, NOTE);
  await deploy();
  const { revision, after } = await shown;
  console.log(`on ${backend}, revision ${revision} was shown ${after} ms after its commit began`);
  expect(revision).toBe('r4');
  await goTo(page, '/?q=orders');
  expect(await seen(page.getByRole('link', { name: ORDERS }))).toMatch(/POST\s+\/v3\/orders[\s\S]*3\.0\.0/);
  await goTo(page, '/impact/gtype/Coupon');
  expect(await seen(page.getByRole('region', { name: 'The type' }))).toMatch(/code\s+string/);
  await goTo(page, `/handlers/${ORDERS}`);
  expect(await seen(page.getByRole('table', { name: 'Versions' }))).toMatch(
    /3\.0\.0[\s\S]*2\.1\.0[\s\S]*1\.0\.0/,
  );
  await goTo(page, '/compare?id=getLocalVariables&before=0.36.0&after=0.43.0');
  const meaning = page.getByRole('region', { name: 'What it means for callers' });
  expect(await seen(meaning)).toMatch(/3 breaking/);
  await goTo(page, '/health');
  expect(await seen(page.getByRole('region', { name: 'The store' }))).toMatch(
    /Health\s+ok[\s\S]*History\s+from revision 0, 4 commits/,
  );
}

/** The studio of another process, until the test ends. */
async function serveElsewhere(node: string, url: string): Promise<{ readonly url: string }> {
  const child = spawn(node, [COMMAND, 'studio', '--no-open', '--store', url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await closed;
  });
  const [printed] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { url: String(printed).split('\n')[0] ?? '' };
}

async function deployElsewhere(url: string): Promise<void> {
  const file = join(temporaryFolder(), 'records.json');
  writeFileSync(
    file,
    JSON.stringify({ format: 'gati-storage-deployment', version: 1, gtypes: [COUPON.value] }),
  );
  const child = spawn(process.execPath, [COMMAND, 'deploy', file, '--store', url, '--note', NOTE]);
  const [status] = await once(child, 'close');
  expect(status).toBe(0);
}

/** When a commit with this in its note is drawn, in milliseconds since it was made, by the clock of this machine. */
function appearance(page: Page, note: string): Promise<{ revision: string; after: number }> {
  return page.evaluate(
    (wanted) =>
      new Promise<{ revision: string; after: number }>((resolve) => {
        const observer = new MutationObserver(() => {
          const row = [...document.querySelectorAll('.commit-row')].find((one) =>
            one.textContent?.includes(wanted),
          );
          if (row === undefined) return;
          observer.disconnect();
          const time = row.querySelector('time')?.dateTime ?? '';
          const revision = row.querySelector('.revision')?.textContent ?? '';
          resolve({ revision, after: Date.now() - Date.parse(time) });
        });
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
    note,
  );
}
