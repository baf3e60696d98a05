import { StorageError } from '@gati-framework/manifest-store';
import { TimeSlice } from '@gati-framework/manifest-store/backend';
import type { EncodedCommit } from '@gati-framework/storage-kit';
import { BinaryArray } from '../sql/binary-arrays.js';
import { STEP_COLUMNS } from '../sql/step-columns.js';
import { isPut, type PutStep, type Step, valuesOf } from './steps.js';

/** Of the texts of a group: a message to the server has less than 2^30 bytes, and keys and the like are in it, too. */
const MOST_BYTES = 1_000_000_000;
/** A clock is asked once for so many steps. */
const STEPS_BETWEEN_LOOKS = 32;

/**
 * An array for each of {@link STEP_COLUMNS}, made in slices of time.
 *
 * @throws `STORAGE_FULL` for more than PostgreSQL takes at once. Sent all the same, it would end the connection, and
 *   nobody could tell that from a lost answer.
 */
export async function toArrays(steps: readonly Step[]): Promise<Buffer[]> {
  assertFits(steps);
  const arrays = STEP_COLUMNS.map(([, type]) => new BinaryArray(type));
  await inSlices(steps, (step) => {
    valuesOf(step).forEach((value, i) => {
      arrays[i]?.add(value);
    });
  });
  return arrays.map((array) => array.finish());
}

/** Of {@link CommitStatements}. */
export type CommitStatement = 'putOne' | 'putAll' | 'commit';

/**
 * The fastest one that does all of these steps: those that put need commits that do nothing else, and no record
 * twice. They know the revision of the store before the group alone.
 */
export async function statementFor(
  steps: readonly Step[],
  commits: readonly EncodedCommit[],
): Promise<CommitStatement> {
  const [first] = commits;
  if (commits.some(({ expect, expectRevision }) => expect.length > 0 || expectRevision !== undefined)) {
    if (commits.length > 1 || first === undefined || first.expect.length > 0) return 'commit';
  }
  const puts = steps.filter(isPut);
  const changeCount = commits.reduce((sum, { changes }) => sum + changes.length, 0);
  if (puts.length < changeCount || commits.some(({ changes }) => changes.length === 0)) return 'commit';
  if (await hasRecordTwice(puts)) return 'commit';
  return puts.length === 1 ? 'putOne' : 'putAll';
}

/** Whether some record is put more than once. */
export async function hasRecordTwice(puts: readonly PutStep[]): Promise<boolean> {
  const records = new Set<string>();
  await inSlices(puts, ({ change }) => {
    records.add(`${change.kind}\0${change.key.join('\0')}`);
  });
  return records.size < puts.length;
}

/** What `putAll` takes for the notes of a group: an array with one for each commit, or null. */
export function notesOf(commits: readonly EncodedCommit[]): Buffer | null {
  if (commits.every(({ note }) => note === undefined)) return null;
  const notes = new BinaryArray('text');
  for (const { note } of commits) notes.add(note ?? null);
  return notes.finish();
}

async function inSlices<S extends Step>(steps: readonly S[], work: (step: S) => void): Promise<void> {
  const slice = new TimeSlice();
  for (const [i, step] of steps.entries()) {
    if (i % STEPS_BETWEEN_LOOKS === 0 && slice.isOver) await slice.next();
    work(step);
  }
}

function assertFits(steps: readonly Step[]): void {
  const lengthOf = (measure: (text: string) => number): number =>
    steps.reduce((sum, { change }) => (change?.op === 'put' ? sum + measure(change.text) : sum), 0);
  // Three bytes a code unit is the most that UTF-8 takes.
  if (lengthOf((text) => text.length) * 3 <= MOST_BYTES) return;
  const bytes = lengthOf(Buffer.byteLength);
  if (bytes > MOST_BYTES) throw tooLarge(bytes);
}

function tooLarge(bytes: number): StorageError {
  return new StorageError(
    'STORAGE_FULL',
    `A commit of ${bytes} bytes is more than PostgreSQL takes in one message, which is a gigabyte. Nothing was stored; ` +
      'divide it into several.',
    { details: { bytes, limit: MOST_BYTES } },
  );
}
