import {
  type Change,
  type CommitOptions,
  type PutChange,
  type Revision,
  StorageError,
} from '@gati-framework/manifest-store';
import { CheckedPut } from '@gati-framework/manifest-store/backend';
import type { ArchiveSummary } from '../archive/write-archive.js';
import { OccupiedTargetError, UnlikeCopyError, unreadCopy } from './copy-error.js';
import type { CopyPhase, DecidedCopy } from './copy-options.js';
import { OrderedDigest, type RecordDigest, UnorderedDigest } from './record-digest.js';
import { type FoundTarget, findTarget, type TargetStorage, unchangedSince } from './target.js';

export interface CopyReport {
  /** Whether it was stored now, was all there is in the target already, or would be stored. */
  readonly outcome: 'stored' | 'unchanged' | 'dry-run';
  /** How many records were read from the source. */
  readonly records: number;
  /** Digest of an archive of these records, as `export` tells it. */
  readonly sha256: string;
  /** Revision of the one commit; `null` when none was made. */
  readonly revision: Revision | null;
  /** How many records the target held before. */
  readonly held: number;
  /**
   * Whether everything was read back from the target and compared. Not after a commit only where somebody else has committed
   * since, and the target cannot be read as it was right after this one.
   */
  readonly verified: boolean;
}

/** Where records come from, once. */
export interface RecordSource {
  /** How many there are, where that is known before. */
  readonly count?: number;
  /** In the order that the target is to have. */
  readonly puts: AsyncIterable<PutChange>;
}

/** Stores all records of a source in one commit, and reads them back. */
export async function transfer(
  source: RecordSource,
  to: TargetStorage,
  options: DecidedCopy,
): Promise<CopyReport> {
  const { mode, note, dryRun } = options;
  const target = await findTarget(to);
  if (mode === undefined && target.held > 0) return await leaveAlone(source, to, target, options);
  const ordered = new OrderedDigest();
  const compared: RecordDigest = mode === 'merge' ? new UnorderedDigest() : ordered;
  const passing = tapped(source.puts, new Set([ordered, compared]), options);
  const nothing = { held: target.held, revision: null, verified: false };
  if (dryRun) {
    await drain(passing);
    return { outcome: 'dry-run', ...ordered.close(), ...nothing };
  }
  const terms: CommitOptions = { ...(await unchangedSince(to, target)), ...(note !== undefined && { note }) };
  const revision = await to.commit(mode === 'replace' ? cleared(passing) : passing, terms);
  const stored = ordered.close();
  if (stored.records === 0 && mode !== 'replace') return { outcome: 'unchanged', ...stored, ...nothing };
  const expected = compared === ordered ? stored : compared.close();
  const verified = await readBack(to, revision, { stored, expected }, options);
  return { outcome: 'stored', ...stored, held: target.held, revision, verified };
}

/** A target that holds just what the source has was filled from it before. Any other is refused. */
async function leaveAlone(
  { count, puts }: RecordSource,
  to: TargetStorage,
  { held }: FoundTarget,
  options: DecidedCopy,
): Promise<CopyReport> {
  if (count !== undefined && count !== held) throw new OccupiedTargetError(held);
  const wanted = new OrderedDigest();
  await drain(tapped(puts, new Set([wanted]), options));
  const summary = wanted.close();
  if (summary.records !== held) throw new OccupiedTargetError(held);
  const found = new OrderedDigest();
  await drain(watched(to.entries(), 'checking', options, (entry) => found.add(entry)));
  if (found.close().sha256 !== summary.sha256) throw new OccupiedTargetError(held);
  return { outcome: 'unchanged', ...summary, held, revision: null, verified: true };
}

interface Stored {
  readonly stored: ArchiveSummary;
  /** What the digest of what is read back must be. */
  readonly expected: ArchiveSummary;
}

/** @returns Whether it could be compared. */
async function readBack(
  to: TargetStorage,
  revision: Revision,
  { stored, expected }: Stored,
  options: DecidedCopy,
): Promise<boolean> {
  const keepsPast = to.capabilities.history;
  const isMerge = options.mode === 'merge';
  const digest = isMerge ? new UnorderedDigest() : new OrderedDigest();
  const entries = to.entries(keepsPast ? { at: revision } : {});
  try {
    await drain(
      watched(entries, 'checking', options, (entry) => {
        if (!isMerge || entry.revision === revision) digest.add(entry);
      }),
    );
  } catch (error) {
    if (!(error instanceof StorageError) || options.signal?.aborted) throw error;
    if (error.code === 'STORAGE_COMPACTED') return false;
    throw unreadCopy(error, revision, stored);
  }
  const found = digest.close();
  if (found.records === expected.records && found.sha256 === expected.sha256) return true;
  if (!keepsPast && (await to.stats()).revision !== revision) return false;
  throw new UnlikeCopyError({ revision, stored, found: found.records });
}

async function* cleared(puts: AsyncIterable<PutChange>): AsyncGenerator<Change> {
  yield { clear: true };
  yield* puts;
}

function tapped(
  puts: AsyncIterable<PutChange>,
  digests: ReadonlySet<RecordDigest>,
  options: DecidedCopy,
): AsyncGenerator<PutChange> {
  return watched(puts, 'storing', options, (change) => {
    const record = { kind: change.put, value: change.value };
    const text = CheckedPut.textOf(change);
    for (const digest of digests) digest.add(record, text);
  });
}

/** What comes, until it is to end. */
async function* watched<T>(
  source: AsyncIterable<T>,
  phase: CopyPhase,
  { signal, onProgress }: DecidedCopy,
  onEach: (item: T) => void,
): AsyncGenerator<T> {
  let count = 0;
  for await (const item of source) {
    signal?.throwIfAborted();
    onEach(item);
    yield item;
    count += 1;
    onProgress?.(count, phase);
  }
  signal?.throwIfAborted();
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}
