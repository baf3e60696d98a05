import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import {
  CASE_TIMEOUT,
  type ConformanceTarget,
  casesByGroup,
  conformanceCases,
} from '@gati-framework/storage-testkit';
import { describeConformance as describeWith } from '@gati-framework/storage-testkit/any-runner';
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

describe('the binding for any runner', () => {
  interface Noted {
    readonly names: string[];
    readonly tests: { name: string; run(): Promise<void>; timeout: number | undefined }[];
  }

  /** As Bun and jest call tests: with a timeout as the third argument, without `this`, and with nothing to skip by. */
  function noted(target: ConformanceTarget): Noted {
    const names: string[] = [];
    const tests: Noted['tests'] = [];
    describeWith('a storage', target, {
      describe(name, body) {
        names.push(name);
        body();
      },
      it(name, body, timeout) {
        tests.push({ name, run: () => body.call(undefined), timeout });
      },
    });
    return { names, tests };
  }

  test('hands out every case with its group and a timeout', () => {
    const { names, tests } = noted({ create: () => createInMemoryStorage() });
    expect(names).toEqual(['a storage', ...casesByGroup().keys()]);
    expect(tests.map(({ name }) => name)).toEqual(
      [...casesByGroup().values()].flat().map(({ name }) => name),
    );
    for (const { timeout } of tests) expect(timeout).toBe(CASE_TIMEOUT);
  });

  test('passes a good storage, what is skipped included, and fails a broken one', async () => {
    const absence = new Set(
      casesByGroup()
        .get('absence')
        ?.map(({ name }) => name),
    );
    const persistence = new Set(
      casesByGroup()
        .get('persistence')
        ?.map(({ name }) => name),
    );
    for (const { name, run } of noted({ create: () => createInMemoryStorage() }).tests) {
      if (absence.has(name) || persistence.has(name)) await run();
    }
    const create = () =>
      Object.assign(createInMemoryStorage(), { getHookManifest: async () => undefined as never });
    const broken = noted({ create }).tests.find(({ name }) => name.includes('getHookManifest of nothing'));
    await expect(broken?.run()).rejects.toThrow('null');
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
