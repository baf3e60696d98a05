import type { StorageCommitMessage } from '@gati-framework/manifest-store';
import type { PreparedChange } from '@gati-framework/manifest-store/backend';
import type { CommitAnswer, CommitTerms, RecordDriver } from '../record-driver.js';
import { inBatches } from './change-batches.js';

/** A commit of changes that are taken as they come. */
export class CommitStream {
  /** It shares a group with nothing. */
  readonly size: number = Number.POSITIVE_INFINITY;
  /** What is told of it, if anybody listens. */
  message: StorageCommitMessage | undefined;
  readonly #commit: NonNullable<RecordDriver['commitStream']>;
  readonly #changes: AsyncIterable<PreparedChange>;
  readonly #terms: CommitTerms;

  constructor(
    commit: NonNullable<RecordDriver['commitStream']>,
    changes: AsyncIterable<PreparedChange>,
    terms: CommitTerms,
  ) {
    this.#commit = commit;
    this.#changes = changes;
    this.#terms = terms;
  }

  /** Throws what the stream throws, whatever a driver makes of that. */
  async run(onCommitted: (answer: CommitAnswer) => void): Promise<CommitAnswer> {
    let failure: { readonly error: unknown } | undefined;
    const changes = this.#changes;
    async function* noted(): AsyncGenerator<PreparedChange> {
      // What it throws while it is left is nothing that ended the commit.
      let isAsked = true;
      try {
        for await (const change of changes) {
          isAsked = false;
          yield change;
          isAsked = true;
        }
      } catch (error) {
        if (isAsked) failure = { error };
        throw error;
      }
    }
    try {
      return await this.#commit(inBatches(noted()), this.#terms, onCommitted);
    } catch (error) {
      throw failure === undefined ? error : failure.error;
    }
  }
}
