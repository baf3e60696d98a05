import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { writeDocumentedFiles } from './support/documented-files.js';
import { installPackages } from './support/project.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { serveWorker } from './support/workerd.js';

const execute = promisify(execFile);
const installed = dirname(dirname(createRequire(import.meta.url).resolve('workerd/package.json')));
const inFolder = (name: string): string => fileURLToPath(new URL(`runtimes/${name}`, import.meta.url));

/** Their packages carry each platform's binary in another package; these are the ones that CI has. */
const hasBinaries = process.platform === 'linux' && process.arch === 'x64';
const DENO = join(installed, '@deno/linux-x64-glibc/deno');
const BUN = join(installed, '@oven/bun-linux-x64/bin/bun');
/** As runtimes.md says; telling the time takes none. */
const FOR_FILES = ['--allow-read', '--allow-write', '--allow-env', '--allow-sys'];
const FOR_POSTGRES = ['--allow-net', '--allow-env', '--allow-read'];

const RUNTIMES = [
  ['Deno', DENO, (permissions: readonly string[]) => ['run', ...permissions]],
  ['Bun', BUN, () => []],
] as const;
/** A whole suite in one test, most of it waiting for a disk. */
const LONG = 300_000;

interface Results {
  readonly passed: number;
  readonly skipped: readonly string[];
  readonly failed: readonly string[];
}

function expectPassed({ passed, failed }: Results, atLeast: number): void {
  expect(failed).toEqual([]);
  expect(passed).toBeGreaterThan(atLeast);
}

describe.skipIf(!hasBinaries).each(RUNTIMES)('on %s', (name, command, allow) => {
  const run = async (permissions: readonly string[], script: string, ...args: string[]): Promise<string> =>
    (await execute(command, [...allow(permissions), inFolder(script), ...args])).stdout;

  test.each(['memory', 'sqljs'])('the conformance suite passes: %s', { timeout: LONG }, async (backend) => {
    expectPassed(JSON.parse(await run(FOR_FILES, 'program.mjs', backend, temporaryFolder())), 250);
  });

  test('the conformance suite passes where it is about the way to the file: node-sqlite', {
    timeout: LONG,
  }, async () => {
    expectPassed(JSON.parse(await run(FOR_FILES, 'program.mjs', 'node-sqlite', temporaryFolder())), 45);
  });

  test('the conformance suite passes where it is about the way to the server: postgres', {
    timeout: LONG,
  }, async () => {
    expectPassed(JSON.parse(await run(FOR_POSTGRES, 'program.mjs', 'postgres', inject('postgresUrl'))), 45);
  });

  test('better-sqlite3 is refused with what to use instead', async () => {
    const { betterSqlite3 } = JSON.parse(await run(FOR_FILES, '../bundlers/app.mjs', temporaryFolder()));
    expect(betterSqlite3).toMatch(
      new RegExp(`^STORAGE_DRIVER_MISSING: .*does not run on ${name} .*storage-sqljs`),
    );
  });
});

test.skipIf(!hasBinaries)('on Deno, a permission that is missing is named', async () => {
  const args = ['run', '--allow-read', '--allow-write', '--allow-env', inFolder('../bundlers/app.mjs')];
  const { stdout } = await execute(DENO, [...args, temporaryFolder()]);
  const { sqljs, betterSqlite3 } = JSON.parse(stdout);
  expect(sqljs).toMatch(/^STORAGE_FORBIDDEN: .*--allow-sys/);
  expect(betterSqlite3).toMatch(/^STORAGE_(FORBIDDEN|DRIVER_MISSING): /);
});

describe.skipIf(!hasBinaries)('in a Cloudflare Worker', () => {
  test('the conformance suite passes: in memory, and with sql.js in memory', { timeout: LONG }, async () => {
    const address = await serveWorker(inFolder('worker.mjs'), temporaryFolder());
    for (const backend of ['memory', 'sqljs']) {
      const response = await fetch(`${address}${backend}`);
      expectPassed((await response.json()) as Results, 250);
    }
  });

  test('sql.js stores as the documentation says', async () => {
    const project = temporaryFolder();
    installPackages(project);
    writeDocumentedFiles('packages/manifest-store/docs/runtimes.md', project);
    const address = await serveWorker(join(project, 'worker.mjs'), temporaryFolder());
    const response = await fetch(address);
    expect(await response.json()).toMatchObject({ gtypeCount: 1, revision: 1 });
  });

  test('what it does not compile is told, with the option that it needs', async () => {
    const address = await serveWorker(inFolder('worker-without-module.mjs'), temporaryFolder());
    const response = await fetch(address);
    expect(await response.json()).toEqual({
      code: 'STORAGE_DRIVER_MISSING',
      message: expect.stringMatching(/compiles only what is deployed.*wasmModule/),
    });
  });
});
