import {
  type LogEntry,
  type RecordKind,
  type Revision,
  type Storage,
  StorageError,
} from '@gati-framework/manifest-store';
import { type KeyTuple, keyTuple } from '@gati-framework/manifest-store/backend';

/** Something that is wrong with the past of a store. */
export interface HistoryProblem {
  readonly code: /** Commits are missing between two that are there. */
    | 'gap'
    /** What a commit put cannot be read any more. */
    | 'damaged-past'
    /** The commits that are kept do not lead from the oldest state to the present one. */
    | 'divergence';
  /** Of the commit where it shows. */
  readonly revision: Revision;
  /** What is wrong, and what to do, in two sentences. */
  readonly message: string;
}

export interface HistorySummary {
  /** How many commits are kept. */
  readonly commits: number;
  /** The first revision that the store can be read at. */
  readonly oldestRevision: Revision;
}

/** Which commit wrote the records that are there, by their names. */
type Revisions = Map<string, Revision>;

/** Texts of the past that cannot be read, by their name and the revision that wrote them. */
type Damage = Map<string, HistoryProblem>;

/**
 * Reads all that is kept of the past, up to the present moment: whether commits follow one another without a gap, whether
 * what they put is what was stored, and whether they lead from the oldest state that can be read to the
 * present one. What cannot be read of the present is left to {@link verifyStorage}. For storages with the capability `history`.
 *
 * Memory: the keys of all records, twice.
 */
export async function* verifyHistory(
  storage: Pick<Storage, 'entries' | 'log' | 'stats' | 'watch'>,
): AsyncGenerator<HistoryProblem, HistorySummary, undefined> {
  const { revision: current, oldestRevision = current } = await storage.stats();
  const [past, present]: [Damage, Damage] = [new Map(), new Map()];
  const replayed = await revisionsAt(storage, oldestRevision, past);
  let commits = 0;
  let last = oldestRevision;
  const range = { after: oldestRevision, before: current + 1, maxChanges: Number.MAX_SAFE_INTEGER };
  for await (const entry of storage.log(range)) {
    if (entry.revision !== last + 1) yield gap(last, entry.revision);
    last = entry.revision;
    commits += 1;
    apply(replayed, entry);
  }
  if (last !== current) yield gap(last, current + 1);
  yield* differences(replayed, await revisionsAt(storage, current, present), current);
  await readValues(storage, oldestRevision, current, past);
  for (const [name, problem] of past) if (!present.has(name)) yield problem;
  return { commits, oldestRevision };
}

async function revisionsAt(
  storage: Pick<Storage, 'entries'>,
  at: Revision,
  damage: Damage,
): Promise<Revisions> {
  const revisions: Revisions = new Map();
  const onUnreadable = (error: StorageError): void => {
    const { name, revision } = noteDamage(damage, error);
    revisions.set(name, revision);
  };
  for await (const { kind, key, revision } of storage.entries({ at, onUnreadable })) {
    revisions.set(nameOf(kind, keyTuple(kind, key)), revision);
  }
  return revisions;
}

function apply(revisions: Revisions, { revision, changes }: LogEntry): void {
  for (const change of changes) {
    if ('clear' in change) revisions.clear();
    else if ('delete' in change) revisions.delete(nameOf(change.delete, keyTuple(change.delete, change.key)));
    else revisions.set(nameOf(change.put, keyTuple(change.put, change.key)), revision);
  }
}

function* differences(replayed: Revisions, present: Revisions, current: Revision): Generator<HistoryProblem> {
  for (const name of new Set([...replayed.keys(), ...present.keys()])) {
    const [wanted, found] = [replayed.get(name), present.get(name)];
    if (wanted === found) continue;
    yield {
      code: 'divergence',
      revision: current,
      message:
        `By the commits that are kept ${name} is ${told(wanted)}, but it is ${told(found)}. ` +
        'What readers see is not concerned; export the store and restore it into a new one, whose history is right.',
    };
  }
}

/** A commit that is too large to be told as a whole is left out: what it put is read where it is still there. */
async function readValues(
  storage: Pick<Storage, 'watch' | 'stats'>,
  oldest: Revision,
  current: Revision,
  damage: Damage,
): Promise<void> {
  let after = oldest;
  const onUnreadable = (error: StorageError): void => void noteDamage(damage, error);
  while (after < current) {
    try {
      for await (const { revision } of storage.watch({ after, onUnreadable })) {
        after = revision;
        if (after >= current) break;
      }
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'STORAGE_COMPACTED') throw error;
      const { oldestRevision = after } = await storage.stats();
      after = Math.max(after + 1, oldestRevision);
    }
  }
}

function noteDamage(
  damage: Damage,
  { message, details }: StorageError,
): { readonly name: string; readonly revision: Revision } {
  const { kind, key, revision } = details as { kind: RecordKind; key: KeyTuple; revision: Revision };
  const name = nameOf(kind, key);
  damage.set(`${name} ${revision}`, { code: 'damaged-past', revision, message: `In the past: ${message}` });
  return { name, revision };
}

function gap(last: Revision, next: Revision): HistoryProblem {
  return {
    code: 'gap',
    revision: next,
    message:
      `The commits between revisions ${last} and ${next} are missing from the history. ` +
      'What readers see is not concerned; export the store and restore it into a new one, whose history is whole.',
  };
}

/** Not to be taken for another, as fields may hold commas. */
function nameOf(kind: RecordKind, key: KeyTuple): string {
  return `${kind} ${JSON.stringify(key)}`;
}

function told(revision: Revision | undefined): string {
  return revision === undefined ? 'absent' : `of revision ${revision}`;
}
