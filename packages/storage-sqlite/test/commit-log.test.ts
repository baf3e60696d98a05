import { encodeLog, type LogEntry, parseLog } from '@gati-framework/storage-sqlite';
import { expect, test } from 'vitest';
import { crc32 } from '../src/log/crc32.js';

const BASE = { revision: 7, committedAt: 1_760_000_000_000 };

const ENTRIES: readonly LogEntry[] = [
  {
    revision: 8,
    committedAt: 1_760_000_000_001.5,
    changes: [
      {
        op: 'put',
        kind: 'transformer',
        key: ['später\n"x"'],
        columns: { lookup: ['h', '1', '2'], createdAt: 12.5 },
        encoding: 'json',
        text: '{"id":"später","line":"a\\nb","pair":"\u{1f600}"}',
        digest: 4_000_000_000,
      },
      {
        op: 'put',
        kind: 'gtype',
        key: ['T'],
        columns: { lookup: [], createdAt: undefined },
        encoding: 'devalue',
        text: '[{"a":1},-3]\nnot the end',
        digest: 1,
      },
      { op: 'delete', kind: 'versionGraph', key: ['h'] },
    ],
  },
  { revision: 9, committedAt: 1_760_000_000_002, note: 'all "gone"\nfür immer', changes: [{ op: 'clear' }] },
];

const first = encodeLog(BASE, ENTRIES.slice(0, 1));
const second = encodeLog(undefined, ENTRIES.slice(1));
const log = Buffer.concat([first, second]);

function codeOf(call: () => unknown): string {
  try {
    call();
    return 'nothing was thrown';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test('a log comes back as it was written', () => {
  expect(parseLog(log, 'log')).toEqual({
    base: BASE,
    entries: ENTRIES,
    length: log.length,
    torn: 0,
  });
  const together = encodeLog(BASE, ENTRIES);
  expect(parseLog(together, 'log')).toEqual({
    base: BASE,
    entries: ENTRIES,
    length: together.length,
    torn: 0,
  });
  expect(parseLog(new Uint8Array(), 'log')).toBeUndefined();
});

test('wherever a crash cuts the last write short, everything before it is kept', () => {
  for (let length = first.length; length < log.length; length++) {
    const torn = parseLog(log.subarray(0, length), 'log');
    expect(torn?.entries).toEqual(ENTRIES.slice(0, 1));
    expect(torn?.length).toBe(first.length);
    // The same where room had been made for the write.
    const inRoom = Buffer.concat([log.subarray(0, length), Buffer.alloc(1_000)]);
    expect(parseLog(inRoom, 'log')?.length).toBe(first.length);
  }
});

test('room that was made for a write and never filled ends the log', () => {
  const unfilled = Buffer.concat([log, new Uint8Array(5_000)]);
  expect(parseLog(unfilled, 'log')?.length).toBe(log.length);
  const long = encodeLog(undefined, [
    {
      ...ENTRIES[0],
      revision: 10,
      changes: [{ ...ENTRIES[0]?.changes[1], text: 'x'.repeat(4_000) }],
    } as LogEntry,
  ]);
  const partly = Buffer.concat([log, long]);
  partly.fill(0, log.length + 1_500);
  expect(parseLog(partly, 'log')?.length).toBe(log.length);
});

test('sectors that a power failure kept from the disk are of an unfinished write, if it is the last', () => {
  const change = { ...ENTRIES[0]?.changes[1], text: 'x'.repeat(3_000) };
  const entry = (revision: number): LogEntry => ({ ...ENTRIES[0], revision, changes: [change] }) as LogEntry;
  const group = encodeLog(undefined, [entry(10), entry(11)]);
  const whole = Buffer.concat([log, group]);
  for (let sector = Math.ceil(log.length / 512); sector < whole.length / 512; sector++) {
    const torn = Buffer.from(whole);
    torn.fill(0, sector * 512, Math.min((sector + 1) * 512, whole.length));
    expect(parseLog(torn, 'log')?.length).toBe(log.length);
    const damaged = Buffer.concat([torn, encodeLog(undefined, [entry(12)])]);
    expect(codeOf(() => parseLog(damaged, 'log'))).toBe('STORAGE_CORRUPT');
  }
  // The header itself is missing, and what follows it is not.
  const headless = Buffer.from(whole);
  headless.fill(0, log.length, log.length + 300);
  expect(parseLog(headless, 'log')?.length).toBe(log.length);
});

test('no flipped bit goes unnoticed, in the middle of a log or at its end', () => {
  for (let byte = 0; byte < log.length; byte++) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped = Buffer.from(log);
      flipped[byte] = (flipped[byte] as number) ^ (1 << bit);
      expect(codeOf(() => parseLog(flipped, 'log'))).toBe('STORAGE_CORRUPT');
    }
  }
});

test('damage is reported with the name of the log and the offset', () => {
  const damaged = Buffer.from(log);
  damaged[first.length + 20] = 0x7f;
  expect(() => parseLog(damaged, '/data/gati.db-oplog')).toThrowError(
    new RegExp(`^/data/gati\\.db-oplog is damaged at byte ${first.length}: `),
  );
});

function frame(payload: string): Buffer {
  const text = Buffer.from(payload);
  const bytes = Buffer.alloc(12 + text.length);
  bytes.writeUInt32LE(text.length, 0);
  bytes.writeUInt32LE(crc32(bytes, 0, 4), 4);
  bytes.writeUInt32LE(crc32(text), 8);
  text.copy(bytes, 12);
  return bytes;
}

test('a file that is something else, or of a newer version, is refused', () => {
  const text = Buffer.from('a line of text, and some more of it\n');
  expect(codeOf(() => parseLog(text, 'log'))).toBe('STORAGE_CORRUPT');
  expect(codeOf(() => parseLog(frame('{"format":"other","commits":[]}\n'), 'log'))).toBe('STORAGE_FOREIGN');
  const newer = frame(
    '{"format":"gati-oplog","version":2,"base":{"revision":0,"committedAt":0},"commits":[]}\n',
  );
  expect(codeOf(() => parseLog(newer, 'log'))).toBe('STORAGE_SCHEMA_TOO_NEW');
});

test('the checksum is CRC-32', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});

test('a commit of a kind that only a newer library knows is refused, not misread', () => {
  const entry = { revision: 8, committedAt: 1, changes: [{ op: 'delete', kind: 'widget', key: ['w'] }] };
  const newer = encodeLog(BASE, [entry as unknown as LogEntry]);
  expect(codeOf(() => parseLog(newer, 'log'))).toBe('STORAGE_SCHEMA_TOO_NEW');
});
