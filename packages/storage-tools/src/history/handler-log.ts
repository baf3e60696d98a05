import {
  type Entry,
  type LogEntry,
  type LoggedStep,
  type LogOptions,
  type Storage,
  StorageError,
} from '@gati-framework/manifest-store';
import { readCount } from '@gati-framework/manifest-store/backend';
import { checkStorage } from '../check-storage.js';

/**
 * The commits of a log that touched records of one handler: its manifests, hooks, transformers, version graph or Timescape
 * metadata. The options are those of `log`; `limit` counts the commits that are found. Of the changes of a commit those are
 * listed that are of the handler, or may be; `changeCount` counts them all.
 *
 * Where the keys of a commit do not tell, because it made more changes than are listed, cleared the store or stored
 * transformers, the records of the handler before and after it do. Newest first, it ends where these are no longer kept.
 *
 * @throws StorageError What `log` throws.
 */
export async function* handlerLog(
  storage: Pick<Storage, 'entries' | 'log'>,
  handlerId: string,
  { limit, ...options }: LogOptions = {},
): AsyncGenerator<LogEntry> {
  checkStorage(storage);
  let left = readCount(limit, 'options.limit', Number.MAX_SAFE_INTEGER);
  for await (const entry of storage.log(options)) {
    try {
      if (!(await touches(storage, handlerId, entry))) continue;
    } catch (error) {
      const isForgotten = error instanceof StorageError && error.code === 'STORAGE_COMPACTED';
      if (isForgotten && options.reverse === true) return;
      throw error;
    }
    yield { ...entry, changes: entry.changes.filter((step) => (handlerOf(step) ?? handlerId) === handlerId) };
    left -= 1;
    if (left === 0) return;
  }
}

async function touches(
  storage: Pick<Storage, 'entries'>,
  handlerId: string,
  { revision, changeCount, changes }: LogEntry,
): Promise<boolean> {
  if (changes.some((step) => handlerOf(step) === handlerId)) return true;
  const isTold = changes.length === changeCount && changes.every((step) => handlerOf(step) !== undefined);
  if (isTold) return false;
  let left = 0;
  for await (const entry of storage.entries({ handlerId, at: revision })) {
    if (entry.revision === revision) return true;
    left += 1;
  }
  // None was stored: those that are left were there before.
  return left < (await count(storage.entries({ handlerId, at: revision - 1 })));
}

/** `undefined` where the key does not tell; no id of a handler is empty, and GTypes belong to none. */
function handlerOf(step: LoggedStep): string | undefined {
  if ('clear' in step) return undefined;
  const { key } = step;
  if ('handlerId' in key) return key.handlerId;
  return 'ref' in key ? '' : undefined;
}

async function count(entries: AsyncIterable<Entry>): Promise<number> {
  let found = 0;
  for await (const _ of entries) found += 1;
  return found;
}
