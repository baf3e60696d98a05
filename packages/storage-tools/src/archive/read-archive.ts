import { createHash } from 'node:crypto';
import type { PutChange, RecordKind } from '@gati-framework/manifest-store';
import { describeKey, type KeyTuple } from '@gati-framework/manifest-store/backend';
import { shortDigest } from '../short-digest.js';
import { badArchive } from './archive-error.js';
import { ARCHIVE_FORMAT, ARCHIVE_VERSION } from './archive-format.js';
import { linesOf } from './lines.js';
import { parseRecord } from './parse-record.js';
import type { ArchiveSummary } from './write-archive.js';

/**
 * The records of an archive, each checked: its line is whole, in its place and
 * there once, and holds what may be stored. Only when the iteration ends is it
 * known that the archive is whole; store nothing before, or store it atomically.
 * Ends with what the closing line says.
 *
 * Memory: a line, and about 60 bytes a record to notice one that is there twice.
 *
 * @param source Bytes, as of `createReadStream`; not compressed.
 * @throws StorageError `INVALID_ARCHIVE`, with the line; `STORAGE_SCHEMA_TOO_NEW` for a newer format.
 */
export async function* readArchive(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<PutChange, ArchiveSummary, undefined> {
  const hash = createHash('sha256');
  const seen = new Set<string>();
  let line = 0;
  let summary: ArchiveSummary | undefined;
  for await (const lines of linesOf(source)) {
    for (const whole of lines) {
      line += 1;
      if (summary !== undefined) throw badArchive(line, 'comes after the closing line');
      const bytes = whole.subarray(0, -1);
      if (line === 1) assertHeader(bytes);
      else summary = closingLine(bytes, line);
      if (summary !== undefined) continue;
      hash.update(whole);
      if (line === 1) continue;
      const { put, key } = parseRecord(bytes, line);
      assertNew(seen, put.put, key, line);
      yield put;
    }
  }
  if (line === 0) throw badArchive(undefined, 'is empty');
  if (summary === undefined)
    throw badArchive(line, 'is the last one, and no closing line: the archive is truncated');
  assertWhole(summary, { records: line - 2, sha256: hash.digest('hex') }, line);
  return summary;
}

function assertHeader(bytes: Buffer): void {
  const header = parseObject(bytes);
  if (header?.format !== ARCHIVE_FORMAT) {
    throw badArchive(
      1,
      `does not begin with {"format":"${ARCHIVE_FORMAT}"`,
      'Name a file that gati-storage export wrote; one whose name ends in .gz is unpacked.',
    );
  }
  if (header.version === ARCHIVE_VERSION) return;
  throw badArchive(
    1,
    `has format ${JSON.stringify(header.version)}, and ${ARCHIVE_VERSION} is the newest that this version reads`,
    'Update @gati-framework/storage-tools.',
  );
}

/** The content of the closing line, or `undefined` for every other. */
function closingLine(bytes: Buffer, line: number): ArchiveSummary | undefined {
  if (!bytes.subarray(0, 11).equals(CLOSING)) return undefined;
  const { records, sha256 } = parseObject(bytes) ?? {};
  if (typeof records === 'number' && typeof sha256 === 'string') return { records, sha256 };
  throw badArchive(line, 'should close the archive with its count and digest, and does not');
}

const CLOSING = Buffer.from('{"records":');

function parseObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** A digest stands for a key, to save memory. */
function assertNew(seen: Set<string>, kind: RecordKind, key: KeyTuple, line: number): void {
  const id = shortDigest(JSON.stringify([kind, ...key]));
  if (seen.has(id))
    throw badArchive(line, `holds ${describeKey(kind, key)}, which an earlier line holds, too`);
  seen.add(id);
}

function assertWhole(said: ArchiveSummary, found: ArchiveSummary, line: number): void {
  if (said.records !== found.records) {
    throw badArchive(line, `says ${said.records} records, and there are ${found.records}`);
  }
  if (said.sha256 !== found.sha256) throw badArchive(line, 'has another digest than what comes before it');
}
