import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { describe, expect, it } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { exportArchive } from '../src/archive/index.js';
import { restoreArchive } from '../src/copy/index.js';
import { BACKENDS, contentOf, newStore, oddChanges } from './support/stores.js';

describe('a restored archive', () => {
  it('is the same whatever backend it is of, to the byte', async () => {
    const archives = BACKENDS.map(async (from) => {
      const source = await newStore(from);
      await source.commit(oddChanges());
      const file = join(temporaryFolder(), 'gati.jsonl');
      await exportArchive(source, file);
      return await readFile(file, 'utf8');
    });
    const [first, ...others] = await Promise.all(archives);
    for (const other of others) expect(other).toBe(first);
  });

  it.each(BACKENDS)('is the same in %s, and says so', async (to) => {
    const source = createInMemoryStorage();
    await source.commit(oddChanges());
    const file = join(temporaryFolder(), 'gati.jsonl.gz');
    const exported = await exportArchive(source, file);
    const target = await newStore(to);
    const report = await restoreArchive(file, target);
    expect(report).toEqual({ outcome: 'stored', ...exported, revision: 1, held: 0, verified: true });
    expect(await contentOf(target)).toStrictEqual(await contentOf(source));
    expect(await restoreArchive(file, target)).toMatchObject({ outcome: 'unchanged', revision: null });
    await target.commit([{ put: 'gtype', value: gtype('more') }]);
    await expect(restoreArchive(file, target)).rejects.toMatchObject({ code: 'TARGET_NOT_EMPTY' });
    expect(await restoreArchive(file, target, { mode: 'replace' })).toMatchObject({
      revision: 3,
      verified: true,
    });
    expect(await contentOf(target)).toStrictEqual(await contentOf(source));
  });

  it('may come through a pipe, compressed or not, a byte at a time', async () => {
    const file = await archiveOf('A', 'B');
    for (const bytes of [await readFile(file), gzipSync(await readFile(file))]) {
      const target = createInMemoryStorage();
      await restoreArchive(byByte(bytes), target);
      expect(await contentOf(target)).toHaveLength(2);
    }
    const target = createInMemoryStorage();
    await restoreArchive(createReadStream(file), target, { mode: 'merge' });
    expect(await contentOf(target)).toHaveLength(2);
  });

  it('that is only tried is checked, and not stored', async () => {
    const target = createInMemoryStorage();
    const file = await archiveOf('A');
    expect(await restoreArchive(file, target, { dryRun: true })).toMatchObject({
      outcome: 'dry-run',
      records: 1,
    });
    await writeFile(file, (await readFile(file)).subarray(0, -1));
    await expect(restoreArchive(file, target, { dryRun: true })).rejects.toMatchObject({
      code: 'INVALID_ARCHIVE',
    });
    expect((await target.stats()).revision).toBe(0);
  });
});

describe.each(BACKENDS)('of an archive that is damaged nothing is stored in %s', (to) => {
  const HELD = [{ put: 'gtype', value: gtype('held') }] as const;

  const DAMAGE: Readonly<Record<string, (lines: string[]) => string[]>> = {
    'a line is missing': (lines) => lines.toSpliced(2, 1),
    'a line is there twice': (lines) => lines.toSpliced(2, 0, lines[2] ?? ''),
    'a line was changed': (lines) => lines.with(2, (lines[2] ?? '').replace('object', 'array')),
    'its end is missing': (lines) => lines.slice(0, -1),
    'half of it is missing': (lines) => lines.slice(0, 3),
    'its count is wrong': (lines) => lines.with(-1, (lines.at(-1) ?? '').replace(/\d+/, '9')),
    'its digest is wrong': (lines) =>
      lines.with(-1, (lines.at(-1) ?? '').replace(/"[0-9a-f]{64}"/, `"${'0'.repeat(64)}"`)),
    'it goes on after its end': (lines) => [...lines, lines[1] ?? ''],
  };

  it.each(Object.entries(DAMAGE))('when %s', async (_, damage) => {
    const file = await archiveOf('A', 'B', 'C', 'D');
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    await writeFile(file, `${damage(lines).join('\n')}\n`);
    const target = await newStore(to);
    await target.commit(HELD);
    for (const mode of ['replace', 'merge'] as const) {
      const refusal = {
        name: 'StorageError',
        code: 'INVALID_ARCHIVE',
        message: expect.stringMatching(/^Line \d+ of the archive .*Nothing was stored/),
      };
      await expect(restoreArchive(file, target, { mode })).rejects.toMatchObject(refusal);
    }
    expect(await target.stats()).toMatchObject({ revision: 1, gtypeCount: 1 });
  });

  it('when its compression breaks off', async () => {
    const file = await archiveOf('A', 'B', 'C', 'D');
    const packed = gzipSync(await readFile(file));
    await writeFile(file, packed.subarray(0, -9));
    expect(() => gunzipSync(packed.subarray(0, -9))).toThrow();
    const target = await newStore(to);
    await expect(restoreArchive(file, target)).rejects.toMatchObject({ code: 'INVALID_ARCHIVE' });
    expect((await target.stats()).revision).toBe(0);
  });
});

async function archiveOf(...refs: string[]): Promise<string> {
  const storage: Storage = createInMemoryStorage();
  await storage.commit(refs.map((ref) => ({ put: 'gtype', value: gtype(ref) })));
  const file = join(temporaryFolder(), 'gati.jsonl');
  await exportArchive(storage, file);
  return file;
}

async function* byByte(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let i = 0; i < bytes.length; i += 1) yield bytes.subarray(i, i + 1);
}
