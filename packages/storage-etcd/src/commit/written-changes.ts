import type { EncodedChange } from '@gati-framework/storage-kit';
import { nameOfText, type StoreKeys } from '../store/keys.js';
import type { Operation } from '../wire/messages.js';
import type { PlannedChange } from './planned-commit.js';
import { piecesOf, putsOf } from './puts.js';
import type { Stage } from './staging.js';

/** Changes of one commit, whose texts are written as they come; in memory stays what is said of them. */
class WrittenChanges {
  readonly changes: PlannedChange[] = [];
  readonly #stage: Stage;
  readonly #keys: StoreKeys;
  #textCount = 0;

  constructor(stage: Stage, keys: StoreKeys) {
    this.#stage = stage;
    this.#keys = keys;
  }

  add(batch: readonly EncodedChange[]): Promise<void> {
    return this.#stage.write(this.#putsOf(batch));
  }

  *#putsOf(batch: readonly EncodedChange[]): Generator<Operation> {
    for (const change of batch) {
      if (change.op !== 'put') {
        this.changes.push(change);
        continue;
      }
      const { text, ...put } = change;
      const pieces = piecesOf(text);
      const name = nameOfText(this.#stage.group, this.#textCount);
      this.#textCount += 1;
      this.changes.push({ ...put, size: text.length, pieces });
      yield* putsOf({ name, text, pieces }, this.#keys);
    }
  }
}

/**
 * The changes of one commit that come in batches. What is one batch is held as it is; of more than one the texts are written
 * in advance.
 *
 * @param begin Called before anything is written.
 */
export async function takeBatches(
  batches: AsyncIterable<readonly EncodedChange[]>,
  keys: StoreKeys,
  begin: () => Stage,
): Promise<readonly PlannedChange[]> {
  let only: readonly EncodedChange[] | undefined;
  let written: WrittenChanges | undefined;
  let leave = (): void => {};
  try {
    for await (const batch of batches) {
      if (written === undefined && only === undefined) {
        only = batch;
        continue;
      }
      if (written === undefined) {
        const stage = begin();
        leave = stage.attend();
        written = new WrittenChanges(stage, keys);
        await written.add(only ?? []);
        only = undefined;
      }
      await written.add(batch);
    }
  } finally {
    leave();
  }
  return written?.changes ?? only ?? [];
}
