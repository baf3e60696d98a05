import type { Change, CommitOptions, HandlerManifest, Revision } from '@gati-framework/manifest-store';
import { isStream, type PreparedChange, prepareStream } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import { ReferenceStorage } from './reference-storage.js';

type Given = readonly Change[] | AsyncIterable<Change>;

/** A storage that makes of a stream what this makes of it, with the commit that takes arrays. */
function streaming(
  commit: (
    changes: AsyncIterable<Change>,
    commitArray: (changes: readonly Change[], options?: CommitOptions) => Promise<Revision>,
    options: CommitOptions | undefined,
  ) => Promise<Revision>,
): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      override commit(changes: Given, options?: CommitOptions): Promise<Revision> {
        const commitArray = (array: readonly Change[], given?: CommitOptions): Promise<Revision> =>
          super.commit(array, given);
        return isStream(changes) ? commit(changes, commitArray, options) : super.commit(changes, options);
      }
    })(disk);
}

async function allOf(
  changes: AsyncIterable<Change>,
  most: number = Number.POSITIVE_INFINITY,
): Promise<Change[]> {
  const all: Change[] = [];
  for await (const change of changes) if (all.push(change) >= most) break;
  return all;
}

export const brokenStreams: readonly BrokenBackend[] = [
  {
    group: 'streams',
    bug: 'a stream is committed in batches',
    create: streaming(async (changes, commit) => {
      const batch: Change[] = [];
      for await (const change of changes) {
        batch.push(change);
        if (batch.length >= 1_000) await commit(batch.splice(0));
      }
      return commit(batch);
    }),
  },
  {
    group: 'streams',
    bug: 'what came before a stream failed is kept',
    create: streaming(async (changes, commit) => {
      const taken: Change[] = [];
      try {
        for await (const change of changes) taken.push(change);
      } catch (error) {
        await commit(taken);
        throw error;
      }
      return commit(taken);
    }),
  },
  {
    group: 'streams',
    bug: 'the error of a stream is wrapped',
    create: streaming(async (changes, commit, options) => {
      const all = await allOf(changes).catch((cause: unknown) => {
        throw new Error('the stream failed', { cause });
      });
      return commit(all, options);
    }),
  },
  {
    group: 'streams',
    bug: 'a stream is read to its first thousand',
    create: streaming(async (changes, commit, options) => commit(await allOf(changes, 1_000), options)),
  },
  {
    group: 'streams',
    bug: 'expectations of a stream are not checked',
    create: streaming(async (changes, commit) => commit(await allOf(changes))),
  },
  {
    group: 'streams',
    bug: 'a stream without changes takes a revision',
    create: streaming(async (changes, commit, options) => {
      const all = await allOf(changes);
      return commit(all.length === 0 ? [{ delete: 'gtype', key: { ref: 'x' } }] : all, options);
    }),
  },
  {
    group: 'streams',
    bug: 'a stream is left open when a change is refused',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override async gather(changes: AsyncIterable<Change>): Promise<PreparedChange[]> {
          const iterator = changes[Symbol.asyncIterator]();
          const unclosed = { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
          const gathered: PreparedChange[] = [];
          for await (const change of prepareStream(unclosed, undefined)) gathered.push(change);
          return gathered;
        }
      })(disk),
  },
  {
    group: 'streams',
    bug: 'the records of a stream are seen as they come',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override async gather(changes: AsyncIterable<Change>): Promise<PreparedChange[]> {
          const gathered: PreparedChange[] = [];
          for await (const change of prepareStream(changes, undefined)) {
            gathered.push(change);
            this.apply(change, disk.revision + 1);
          }
          return gathered;
        }
      })(disk),
  },
  {
    group: 'streams',
    bug: 'what a stream expects is looked at when it begins, and not when it is made',
    create: streaming(async (changes, commit, options) => {
      await commit([], options);
      return commit(await allOf(changes));
    }),
  },
  {
    group: 'streams',
    bug: 'lookups do not hear of streams',
    create: (disk) =>
      new (class extends ReferenceStorage {
        #listed: HandlerManifest[] | undefined;
        override async getAllManifestVersions(id: string): Promise<HandlerManifest[]> {
          this.#listed ??= await super.getAllManifestVersions(id);
          return this.#listed;
        }
        override commit(changes: Given, options?: CommitOptions): Promise<Revision> {
          if (!isStream(changes)) this.#listed = undefined;
          return super.commit(changes, options);
        }
      })(disk),
  },
  {
    group: 'expected revision',
    model: true,
    bug: 'the expected revision is ignored',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override checkRevision(): void {}
      })(disk),
  },
  {
    group: 'expected revision',
    bug: 'a store that is older than expected is good enough',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override checkRevision(expected: Revision): void {
          if (disk.revision > expected) super.checkRevision(expected);
        }
      })(disk),
  },
  {
    group: 'expected revision',
    bug: 'the expected revision is compared when the commit is asked for, and not when it is made',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async commit(
          changes: Given,
          { expectRevision, ...options }: CommitOptions = {},
        ): Promise<Revision> {
          if (expectRevision !== undefined && Number.isSafeInteger(expectRevision))
            this.checkRevision(expectRevision);
          return super.commit(changes, options);
        }
      })(disk),
  },
];
