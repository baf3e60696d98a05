import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Change, createInMemoryStorage, type Entry, type Storage } from '@gati-framework/manifest-store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { archiveState, exportArchive, writeArchive } from '../src/archive/index.js';
import { recordDifferences, type State, stateDifferences } from '../src/diff/index.js';

async function store(changes: readonly Change[]): Promise<Storage> {
  const storage = createInMemoryStorage();
  await storage.commit(changes);
  return storage;
}

async function told(before: State, after: State): Promise<string[]> {
  const found: string[] = [];
  for await (const { change, kind, key, fields } of stateDifferences(before, after))
    found.push(`${change} ${kind} ${key} ${fields.map(({ path }) => path)}`);
  return found.sort();
}

describe('two states differ', () => {
  const common: Change[] = [
    { put: 'gtype', value: gtype('A') },
    { put: 'gtype', value: gtype('B') },
    { put: 'manifest', value: manifest('m', '1') },
  ];

  it('by what was added, removed and changed, and not by order, neither of records nor of fields', async () => {
    const { hash, ...rest } = manifest('m', '2');
    const before = await store([
      ...common,
      { put: 'manifest', value: { hash, ...rest } },
      { put: 'gtype', value: gtype('old') },
    ]);
    const after = await store([
      { put: 'manifest', value: { ...rest, hash } },
      ...[...common].reverse(),
      { put: 'manifest', value: manifest('m', '1', 'other') },
      { put: 'manifest', value: manifest('m', '3') },
    ]);
    expect(await told(before, after)).toEqual([
      'added manifest m,3 ',
      'changed manifest m,1 hash',
      'removed gtype old ',
    ]);
  });

  it('by values that JSON does not have', async () => {
    const withValue = (value: unknown): Change => ({
      put: 'gtype',
      value: { ...gtype('A'), validators: [{ type: 'custom', value }] },
    });
    const before = await store([withValue(new Date(1))]);
    expect(await told(before, await store([withValue(new Date(2))]))).toEqual([
      'changed gtype A validators[0].value',
    ]);
    expect(await told(before, await store([withValue(new Date(1).toJSON())]))).toHaveLength(1);
    expect(await told(before, await store([withValue(new Date(1))]))).toEqual([]);
  });

  it('as their records one by one say', async () => {
    const record = fc.tuple(fc.nat(12), fc.nat(2)).map(([i, text]) => gtype(`T${i}`, `${text}`));
    const list = fc.uniqueArray(record, { selector: ({ ref }) => ref });
    await fc.assert(
      fc.asyncProperty(list, list, async (left, right) => {
        const put = (values: readonly ReturnType<typeof gtype>[]): Change[] =>
          values.map((value) => ({ put: 'gtype', value }));
        const [before, after] = [await store(put(left)), await store(put(right))];
        const expected: string[] = [];
        for await (const { change, kind, key, fields } of recordDifferences(
          before.entries(),
          after.entries(),
        ))
          expected.push(`${change} ${kind} ${key} ${fields.map(({ path }) => path)}`);
        expect(await told(before, after)).toEqual(expected.sort());
      }),
      { seed: 20_261_127, numRuns: 200 },
    );
  });

  it('one being an archive, compressed or not, which is checked', async () => {
    const folder = temporaryFolder();
    const storage = await store(common);
    for (const name of ['a.jsonl', 'a.jsonl.gz']) {
      await exportArchive(storage, join(folder, name));
      expect(await told(archiveState(join(folder, name)), storage)).toEqual([]);
    }
    await writeFile(join(folder, 'a.jsonl'), '{"format":"gati-storage-archive","version":1}\n');
    await expect(told(archiveState(join(folder, 'a.jsonl')), storage)).rejects.toMatchObject({
      code: 'INVALID_ARCHIVE',
    });
  });

  it('while others write, as of the revisions that were asked for', async () => {
    const storage = await store(common);
    const before: State = { entries: (filter) => storage.entries({ ...filter, at: 1 }) };
    const after = await store([{ put: 'gtype', value: gtype('A', 'changed') }]);
    const found: string[] = [];
    for await (const { change, key } of stateDifferences(before, after)) {
      found.push(`${change} ${key}`);
      await storage.clear();
    }
    expect(found.sort()).toEqual(['changed A', 'removed B', 'removed m,1']);
  });

  it('in the memory of digests and not of the states, whose order is another', async () => {
    const folder = temporaryFolder();
    const count = 24_000;
    for (const [name, order] of [
      ['before.jsonl', (i: number) => i],
      ['after.jsonl', (i: number) => count - 1 - i],
    ] as const)
      await pipeline(
        Readable.from(writeArchive(largeTypes(count, order, name.startsWith('after') ? 5 : 0))),
        createWriteStream(join(folder, name)),
      );
    const script = `
      import { archiveState } from '@gati-framework/storage-tools/archive';
      import { stateDifferences } from '@gati-framework/storage-tools/diff';
      let count = 0;
      for await (const { change } of stateDifferences(archiveState(process.argv[1]), archiveState(process.argv[2]))) count += 1;
      console.log(count);`;
    // Each holds 96 MB.
    const args = ['--max-old-space-size=48', '--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...args, join(folder, 'before.jsonl'), join(folder, 'after.jsonl')],
      { cwd: import.meta.dirname },
    );
    expect(stdout).toBe('5\n');
  });
});

/** Types of 4 kB, of which the first `other` ones are other ones. */
async function* largeTypes(
  count: number,
  order: (i: number) => number,
  other: number,
): AsyncGenerator<Pick<Entry<'gtype'>, 'kind' | 'value'>> {
  for (let i = 0; i < count; i++) {
    const n = order(i);
    yield {
      kind: 'gtype',
      value: gtype(`T${n}`, `${n < other ? 'other' : ''}${String(n).repeat(4000).slice(0, 4000)}`),
    };
  }
}
