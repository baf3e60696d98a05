import { timers } from '@gati-framework/manifest-store/backend';
import type { EncodedChange } from '@gati-framework/storage-kit';
import type { Statements } from '../sql/statements.js';
import type { StoreHead } from '../sql/store-head.js';
import { applyChange } from './apply-change.js';
import { textLength } from './apply-group.js';
import type { Steps } from './steps.js';
import type { Added } from './trim-history.js';

/** A commit that is applied as its changes come, inside the caller's transaction: the next one after `head`, which it moves along. */
export class StreamedCommit {
  readonly #statements: Statements;
  readonly #head: StoreHead;
  readonly #note: string | undefined;
  #changes = 0;
  #text = 0;
  /** The change that came last. It tells of the whole commit if no other follows. */
  #held: EncodedChange | undefined;

  constructor(statements: Statements, head: StoreHead, note: string | undefined) {
    this.#statements = statements;
    this.#head = head;
    this.#note = note;
  }

  /** What has come so far. */
  get added(): Added {
    return { changes: this.#changes, text: this.#text };
  }

  *add(batch: readonly EncodedChange[]): Steps<void> {
    for (const change of batch) {
      if (this.#held === undefined) this.#begin();
      else applyChange(this.#statements, this.#head, this.#held, undefined);
      this.#held = change;
      this.#changes += 1;
      this.#text += textLength(change);
      yield;
    }
  }

  /** Nothing more comes. */
  finish(): void {
    if (this.#held === undefined) return;
    applyChange(this.#statements, this.#head, this.#held, { note: this.#note, changeCount: this.#changes });
    this.#held = undefined;
  }

  #begin(): void {
    this.#head.revision += 1;
    this.#head.committedAt = timers.wallClock();
  }
}
