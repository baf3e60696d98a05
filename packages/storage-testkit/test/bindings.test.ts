import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { conformanceCases } from '@gati-framework/storage-testkit';
import { describe, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('./fixtures/bindings/', import.meta.url));
const require = createRequire(import.meta.url);

interface Run {
  readonly status: number | null;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Names of the failed tests, with those of the groups around them. */
  readonly failures: string[];
}

type Runner = (targets: readonly ('good' | 'plain' | 'broken')[]) => Promise<Run>;

const runners: Readonly<Record<string, Runner>> = {
  async vitest(targets) {
    const script = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
    const { status, output } = await run(targets, [script, 'run', '--root', folder, '--reporter=json']);
    const report = JSON.parse(output.slice(output.indexOf('{'))) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      testResults: { assertionResults: { status: string; fullName: string }[] }[];
    };
    const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    return {
      status,
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests,
      failures: tests.filter((one) => one.status === 'failed').map(({ fullName }) => fullName),
    };
  },

  async 'node:test'(targets) {
    const { status, output } = await run(targets, [
      '--test',
      '--test-reporter=tap',
      join(folder, 'node-test.mjs'),
    ]);
    const count = (name: string): number => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(output)?.[1]);
    return {
      status,
      passed: count('pass'),
      failed: count('fail'),
      skipped: count('skipped'),
      failures: [...output.matchAll(/^ *not ok \d+ - (.*)$/gm)].map(([, name]) => name as string),
    };
  },

  async mocha(targets) {
    const script = join(dirname(require.resolve('mocha/package.json')), 'bin', 'mocha.js');
    const { status, output } = await run(targets, [script, '--reporter=json', join(folder, 'mocha.mjs')]);
    const { stats, failures } = JSON.parse(output) as {
      stats: { passes: number; failures: number; pending: number };
      failures: { fullTitle: string }[];
    };
    return {
      status,
      passed: stats.passes,
      failed: stats.failures,
      skipped: stats.pending,
      failures: failures.map(({ fullTitle }) => fullTitle),
    };
  },
};

/** How many cases a storage without capabilities runs, and how many one in memory does. */
const withoutTarget = conformanceCases.filter(({ needs = [] }) => needs.length === 0);
const contractOnly = withoutTarget.filter(({ requires = [] }) => requires.length === 0).length;
const inMemory = withoutTarget.filter(
  ({ requires = [] }) => !requires.includes('persistent') && !requires.includes('multiProcess'),
).length;

describe.each(Object.entries(runners))('the binding for %s', { timeout: 300_000 }, (_, runner) => {
  test('runs every case, and skips only what the capabilities leave out', async () => {
    const { status, passed, failed, skipped } = await runner(['good', 'plain']);
    expect({ status, passed, failed, skipped }).toEqual({
      status: 0,
      passed: inMemory + contractOnly,
      failed: 0,
      skipped: conformanceCases.length * 2 - inMemory - contractOnly,
    });
  });

  test('fails for a storage that breaks a law, and says which', async () => {
    const { status, passed, failed, failures } = await runner(['broken']);
    expect(status).not.toBe(0);
    expect(failed).toBeGreaterThan(0);
    expect(passed).toBeGreaterThan(contractOnly / 2);
    expect(failures.join('\n')).toContain('getHookManifest of nothing yields null');
  });
});

/** Runs node as if no test runner were around it. */
async function run(
  targets: readonly string[],
  args: readonly string[],
): Promise<{ status: number | null; output: string }> {
  const outside = Object.entries(process.env).filter(
    ([name]) =>
      !/^(VITEST|VITE_|NODE_OPTIONS$|NODE_TEST_CONTEXT$|NODE_ENV$|TEST$|DEV$|PROD$|MODE$|SSR$|BASE_URL$)/.test(
        name,
      ),
  );
  const env = { ...Object.fromEntries(outside), CONFORMANCE_TARGETS: targets.join(), NO_COLOR: '1' };
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}
