import { join } from 'node:path';
import { openStorage } from '@gati-framework/storage-tools';
import { exportArchive } from '@gati-framework/storage-tools/archive';
import { afterEach, expect, test, vi } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { type ProgressOptions, showProgress } from '../src/progress.js';
import { formatDuration } from '../src/text/format-progress.js';
import { runCommand } from './support/command.js';

afterEach(() => vi.restoreAllMocks());

interface Shown {
  readonly text: () => string;
  readonly at: (milliseconds: number, done: number) => void;
  readonly clear: () => void;
}

/** Progress by a clock that the test moves. */
function progress(errorColumns: number | undefined, options: Partial<ProgressOptions> = {}): Shown {
  let time = 5_000;
  let text = '';
  const terminal = {
    env: {},
    columns: undefined,
    errorColumns,
    signal: new AbortController().signal,
    input: (async function* (): AsyncGenerator<Uint8Array> {})(),
    write: async () => {},
    out: () => expect.unreachable('progress is no result'),
    err: (line: string) => {
      text += `${line}\n`;
    },
    status: (piece: string) => {
      text += piece;
    },
  };
  const shown = showProgress(terminal, { unit: 'records', now: () => time, ...options });
  return {
    text: () => text,
    at: (milliseconds, done) => {
      time = 5_000 + milliseconds;
      shown.update(done);
    },
    clear: shown.clear,
  };
}

test('on a terminal it is one line, written over and taken away', () => {
  const shown = progress(80, { total: 4000 });
  shown.at(100, 50);
  expect(shown.text()).toBe('');
  shown.at(200, 100);
  shown.at(300, 120);
  shown.at(1000, 1000);
  shown.clear();
  shown.clear();
  expect(shown.text()).toBe(
    '\r100 of 4000 records, 2%, 500/s, 8 s left\u001b[K' +
      '\r1000 of 4000 records, 25%, 1000/s, 3 s left\u001b[K' +
      '\r\u001b[K',
  );
});

test('in a log it is a line every ten seconds, without anything that a terminal obeys', () => {
  const shown = progress(undefined, { total: 90_000 });
  for (let second = 1; second <= 25; second += 1) shown.at(second * 1000, second * 1000);
  shown.clear();
  expect(shown.text()).toBe(
    '10000 of 90000 records, 11%, 1000/s, 1 min 20 s left\n20000 of 90000 records, 22%, 1000/s, 1 min 10 s left\n',
  );
});

test('it says nothing when it is to be quiet, and no share of what nobody knows', () => {
  const quiet = progress(80, { quiet: true });
  quiet.at(60_000, 5);
  quiet.clear();
  expect(quiet.text()).toBe('');
  const unknown = progress(undefined);
  unknown.at(10_000, 5);
  expect(unknown.text()).toBe('5 records, 0.5/s\n');
});

test('more than was expected is never more than everything, and never leaves the line', () => {
  const more = progress(20, { total: 10 });
  more.at(1000, 25);
  expect(more.text()).toBe('\r25 of 10 records, 1\u001b[K');
  const none = progress(undefined, { total: 0 });
  none.at(10_000, 0);
  expect(none.text()).toBe('0 of 0 records, 0.0/s\n');
});

test.each([
  [0.2, '1 s'],
  [59.1, '1 min'],
  [125, '2 min 5 s'],
  [7500, '2 h 5 min'],
  [86_400 * 3 + 3600 * 4 + 59, '3 d 4 h'],
])('%s seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

/** The URL of a store with three records. */
async function threeRecords(folder: string): Promise<string> {
  const store = `sqlite:${join(folder, 'gati.db')}`;
  await using storage = await openStorage(store);
  const graph = { versions: [], currentVersion: '1', latestVersion: '1' };
  await storage.commit(
    ['a', 'b', 'c'].map((handlerId) => ({ put: 'versionGraph', value: { handlerId, ...graph } })),
  );
  return store;
}

/** Each look at the clock is a second later. */
function hurryTheClock(): void {
  let time = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    time += 1000;
    return time;
  });
}

test.each([
  ['verify', 'missing: ', []],
  ['export', 'a.jsonl: 3 records', ['a.jsonl']],
  ['list', '3 handlers', []],
  ['list', '3 records of the kind versionGraph', ['--kind', 'versionGraph']],
  ['diff', '3 added', ['0']],
  ['rollback', 'Would roll back', ['--to', '0']],
  ['prune', 'Nothing to delete', ['--keep', '1']],
  ['delete', 'Would delete 1 record', ['handler', 'a']],
])(
  '%s shows it on the terminal of standard error (%s), and not with --json',
  async (command, result, words) => {
    const folder = temporaryFolder();
    const store = await threeRecords(folder);
    hurryTheClock();
    const named = words.map((word) => (word === 'a.jsonl' ? join(folder, word) : word));
    const args = [command, ...named, '--store', store];
    const { err, out } = await runCommand(args, { errorColumns: 80 });
    expect(err).toMatch(/^\r\d of 3 records, /);
    expect(err).toContain('\r3 of 3 records, 100%, ');
    expect(err.endsWith('\u001b[K\r\u001b[K')).toBe(true);
    expect(out).toContain(result);
    expect((await runCommand([...args, '--json'], { errorColumns: 80 })).err).toBe('');
  },
);

test('of stores that are compared, and of records that only an earlier revision or an archive holds, it tells what it can', async () => {
  const folder = temporaryFolder();
  const store = await threeRecords(folder);
  const archive = join(folder, 'a.jsonl');
  await runCommand(['export', archive, '--store', store]);
  await runCommand(['delete', 'handler', 'a', '--yes', '--store', store]);
  hurryTheClock();
  const { err, out } = await runCommand(['diff', archive, store], { errorColumns: 80 });
  expect(out).toContain('0 added, 1 removed, 0 changed');
  // The archive, the store, and the archive again for what is gone.
  expect(err).toMatch(
    /^\r1 records, .*\r3 records, .*\r1 of 2 records, .*\r2 of 2 records, 100%, .*\r1 records, /s,
  );
  expect((await runCommand(['list', '--at', '1', '--store', store], { errorColumns: 80 })).err).toContain(
    '\r3 records, ',
  );
});

test('deploy tells of what it reads, compares and stores', async () => {
  const folder = temporaryFolder();
  const [store, archive] = [`sqlite:${join(folder, 'gati.db')}`, join(folder, 'a.jsonl')];
  {
    await using storage = await openStorage('memory:');
    await storage.commit(Array.from({ length: 1000 }, (_, i) => ({ put: 'gtype', value: gtype(`T${i}`) })));
    await exportArchive(storage, archive);
  }
  hurryTheClock();
  const deploying = ['deploy', archive, '--store', store];
  const { err, out } = await runCommand(deploying, { errorColumns: 80 });
  expect(out).toContain('1000 records added');
  expect(err).toContain('\r1000 records read, ');
  expect(err).toContain('\r1000 of 1000 records compared, 100%, ');
  expect(err.endsWith('\rstoring 1000 records in one commit\u001b[K\r\u001b[K')).toBe(true);
  expect((await runCommand([...deploying, '--json'], { errorColumns: 80 })).err).toBe('');
});
