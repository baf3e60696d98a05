import { StorageError } from '@gati-framework/manifest-store';
import { TimeSlice } from '@gati-framework/manifest-store/backend';
import { BinaryArray } from '../sql/binary-arrays.js';
import { STEP_COLUMNS } from '../sql/step-columns.js';
import { type Step, valuesOf } from './steps.js';

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

/** The fastest one that does all of these steps: those that put need commits that do nothing else, and no record twice. */
export async function statementFor(steps: readonly Step[], commitCount: number): Promise<CommitStatement> {
  if (steps.some(({ change }) => change?.op !== 'put')) return 'commit';
  const commits = new Set<number>();
  const records = new Set<string>();
  await inSlices(steps, ({ commit, change }) => {
    commits.add(commit);
    if (change?.op === 'put') records.add(`${change.kind}\0${change.key.join('\0')}`);
  });
  // A commit without steps takes no revision.
  if (commits.size < commitCount || records.size < steps.length) return 'commit';
  return steps.length === 1 ? 'putOne' : 'putAll';
}

async function inSlices(steps: readonly Step[], work: (step: Step) => void): Promise<void> {
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
