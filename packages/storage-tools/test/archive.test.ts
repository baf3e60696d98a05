import { crc32 } from 'node:zlib';
import { type Change, createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { describe, expect, it } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { readArchive, writeArchive } from '../src/archive/index.js';

describe('an archive', () => {
  it('brings every record back as it was, in the same order', async () => {
    const records = [
      { put: 'manifest', value: { ...manifest('b', '2'), createdAt: 9 } },
      {
        put: 'gtype',
        value: { ...gtype('T\u2028é'), extra: [Number.NaN, -0, 2n ** 70n, '\ud800\0', undefined] },
      },
      { put: 'manifest', value: manifest('a', '1') },
      { put: 'gtype', value: { ...gtype('A'), seen: new Date(5), map: new Map([[1, new Set(['x'])]]) } },
      {
        put: 'versionGraph',
        value: { handlerId: 'a', versions: [], currentVersion: '1', latestVersion: '1' },
      },
    ] as Change[];
    const source = await storageOf(records);
    const copy = await storageOf(await collect(readArchive(chunks(await archiveOf(source), 7))));
    const withoutRevision = ({
      kind,
      key,
      value,
    }: {
      kind: string;
      key: object;
      value: object;
    }): unknown[] => [kind, key, value];
    expect((await collect(copy.entries())).map(withoutRevision)).toStrictEqual(
      (await collect(source.entries())).map(withoutRevision),
    );
  });

  it('is the same bytes for the same content, whatever came before it', async () => {
    const records: Change[] = [
      { put: 'manifest', value: manifest('a', '1') },
      { put: 'gtype', value: gtype('A') },
    ];
    const direct = await storageOf(records);
    const other = await storageOf([{ put: 'gtype', value: gtype('gone') }]);
    await other.commit([{ delete: 'gtype', key: { ref: 'gone' } }]);
    for (const record of records) await other.commit([record]);
    expect(await archiveOf(other)).toEqual(await archiveOf(direct));
  });

  it('says how many records it holds, and their digest, to whoever writes and reads it', async () => {
    const storage = await storageOf([{ put: 'gtype', value: gtype('A') }]);
    const writing = writeArchive(storage.entries());
    let step = await writing.next();
    while (!step.done) step = await writing.next();
    const reading = readArchive(chunks(await archiveOf(storage), 1024));
    let read = await reading.next();
    while (!read.done) read = await reading.next();
    expect(step.value).toEqual({ records: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(read.value).toEqual(step.value);
  });

  it('of an empty store is a header and a closing line', async () => {
    const archive = await archiveOf(createInMemoryStorage());
    expect(archive.toString().split('\n')).toHaveLength(3);
    expect(await collect(readArchive(chunks(archive, 5)))).toEqual([]);
  });
});

describe('an archive that is not whole is refused', () => {
  it('whichever byte was changed, with the line that it is on', async () => {
    const archive = await sample();
    for (let i = 0; i < archive.length; i += 1) {
      const damaged = Buffer.from(archive);
      damaged[i] = (damaged[i] as number) ^ 1;
      const line = archive.subarray(0, i).filter((byte) => byte === 0x0a).length + 1;
      const error = await refusal(damaged);
      expect(error.code, `byte ${i}`).toBe('INVALID_ARCHIVE');
      // A changed line end makes one line of two; the closing line tells of the whole archive.
      if (archive[i] !== 0x0a && line < 6) expect(error.path, `byte ${i}`).toBe(`line ${line}`);
    }
  });

  it('wherever it was cut off', async () => {
    const archive = await sample();
    for (let length = 0; length < archive.length; length += 1) {
      expect((await refusal(archive.subarray(0, length))).code, `${length} bytes`).toBe('INVALID_ARCHIVE');
    }
  });

  it('where lines are missing, there twice, or in another order', async () => {
    const lines = (await sample()).toString().trimEnd().split('\n');
    const [header, first, second, ...rest] = lines as [string, string, string];
    for (const [changed, line] of [
      [[header, second, ...rest], 2],
      [[header, first, first, second, ...rest], 3],
      [[header, second, first, ...rest], 2],
      [[header, first, second, ...rest, 'x'], lines.length + 1],
      [[...lines, ...lines], lines.length + 1],
      [[header, rest.at(-1)], 2],
      [[first, second, ...rest], 1],
    ] as const) {
      expect((await refusal(Buffer.from(`${changed.join('\n')}\n`))).path).toBe(`line ${line}`);
    }
  });

  it('where something changed its line ends, and says so', async () => {
    const archive = (await sample()).toString().replaceAll('\n', '\r\n');
    expect((await refusal(Buffer.from(archive))).message).toContain('carriage return');
  });

  it.each([
    ['a record that may not be stored', { kind: 'gtype', value: { kind: 'object' } }, 'gtype.ref'],
    [
      'a name that would reach a prototype',
      '"kind":"gtype","value":{"ref":"A","kind":"object","__proto__":{"x":1}}',
      '__proto__',
    ],
    ['a kind that there is not', { kind: 'constructor', value: {} }, 'unknown kind "constructor"'],
    ['no value', { kind: 'gtype' }, 'must be a gtype record'],
    ['nesting without end', `"kind":"gtype","value":${'['.repeat(5000)}${']'.repeat(5000)}`, 'gtype record'],
    ['what devalue cannot read', { kind: 'gtype', devalue: '[{"ref":99}]' }, 'cannot be read'],
    [
      'what devalue would make of a constructor',
      { kind: 'gtype', devalue: '[["Function",1],"x"]' },
      'cannot be read',
    ],
  ])('where a line holds %s, though its checksum is right', async (_name, content, message) => {
    const error = await refusal(archiveWith([content]));
    expect(error.code).toBe('INVALID_ARCHIVE');
    expect(error.path).toBe('line 2');
    expect(error.message).toContain(message);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  it('where two lines hold the same record', async () => {
    const record = { kind: 'gtype', value: gtype('A') };
    const error = await refusal(archiveWith([record, record]));
    expect(error.path).toBe('line 3');
    expect(error.message).toContain('gtype (A)');
  });

  it('where it is of a newer format, and says what to do', async () => {
    const error = await refusal(Buffer.from('{"format":"gati-storage-archive","version":2}\n'));
    expect(error.message).toContain('Update @gati-framework/storage-tools');
  });

  it('where it is something else', async () => {
    for (const text of ['', 'PK\u0003\u0004', '{}\n', '[1]\n', 'null\n', '\n\n']) {
      expect((await refusal(Buffer.from(text))).code).toBe('INVALID_ARCHIVE');
    }
  });
});

async function storageOf(changes: readonly Change[]): Promise<Storage> {
  const storage = createInMemoryStorage();
  await storage.commit(changes);
  return storage;
}

async function archiveOf(storage: Storage): Promise<Buffer> {
  return Buffer.concat(await collect(writeArchive(storage.entries())));
}

async function sample(): Promise<Buffer> {
  return archiveOf(
    await storageOf([
      { put: 'manifest', value: manifest('users.get', '1.0.0') },
      { put: 'manifest', value: manifest('users.get', '1.1.0') },
      { put: 'gtype', value: gtype('A', 'é') },
      { put: 'gtype', value: { ...gtype('B'), seen: new Date(5) } as never },
    ]),
  );
}

/** An archive whose numbers and checksums are right, whatever its lines hold. */
function archiveWith(contents: readonly (object | string)[]): Buffer {
  const lines = contents.map((content, i) => {
    const line = `{"n":${i + 1},${typeof content === 'string' ? content : JSON.stringify(content).slice(1, -1)}`;
    return `${line},"crc32":"${crc32(line).toString(16).padStart(8, '0')}"}\n`;
  });
  return Buffer.from(`{"format":"gati-storage-archive","version":1}\n${lines.join('')}`);
}

async function refusal(archive: Buffer): Promise<{ code: string; path: string; message: string }> {
  try {
    await collect(readArchive(chunks(archive, 64)));
  } catch (error) {
    return error as { code: string; path: string; message: string };
  }
  throw new Error('It was taken');
}

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
