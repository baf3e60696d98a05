import { type Revision, type Storage, StorageError } from '@gati-framework/manifest-store';
import type { CommitRef } from './api/index.js';
import { textOf } from './views/text.js';

/** Commits that are remembered, as they never change. */
const MAX_REMEMBERED = 2_000;
/** Commits that are asked for at once. */
const ASKED_TOGETHER = 16;

/** When commits were made, and why, for those who know their revisions. */
export class CommitRefs {
  readonly #storage: Storage;
  readonly #known = new Map<Revision, CommitRef>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** What is known of each of these commits; of one that is no longer kept, its revision. */
  async of(revisions: Iterable<Revision>): Promise<(revision: Revision) => CommitRef> {
    const found = new Map<Revision, CommitRef>();
    const wanted = [...new Set(revisions)];
    for (let from = 0; from < wanted.length; from += ASKED_TOGETHER) {
      const group = wanted.slice(from, from + ASKED_TOGETHER);
      const refs = await Promise.all(group.map((revision) => this.#find(revision)));
      for (const ref of refs) found.set(ref.revision, ref);
    }
    return (revision) => found.get(revision) ?? { revision };
  }

  async #find(revision: Revision): Promise<CommitRef> {
    const known = this.#known.get(revision);
    if (known !== undefined) return known;
    if (!this.#storage.capabilities.history || revision === 0) return { revision };
    const ref = await this.#read(revision);
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(revision, ref);
    return ref;
  }

  async #read(revision: Revision): Promise<CommitRef> {
    try {
      const range = { after: revision - 1, before: revision + 1, limit: 1, maxChanges: 1 };
      for await (const { committedAt, note } of this.#storage.log(range))
        return { revision, committedAt, ...(note !== undefined && { note: textOf(note) }) };
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'STORAGE_COMPACTED') throw error;
    }
    return { revision };
  }
}
