import { isDeepStrictEqual } from 'node:util';
import { type Storage, StorageError, type TimescapeMetadata } from '@gati-framework/manifest-store';
import {
  closed,
  conflict,
  invalidOption,
  recordOfNoHandler,
  TIMELINE_PREFIX,
} from '@gati-framework/manifest-store/backend';
import type { TimelineStore } from '@gati-framework/runtime/timescape/timeline-store';
import type { ArtifactType, ChangeLogItem } from '@gati-framework/runtime/timescape/types';

/** What of a storage a timeline uses. */
export type TimelineStorage = Pick<Storage, 'commit' | 'entries' | 'get'>;

const TYPES: readonly ArtifactType[] = [
  'config',
  'schema',
  'module',
  'event_handler',
  'effect',
  'route',
  'data',
  'plugin',
];

/**
 * The timeline of the runtime in a storage, shared by all who use that: fits `gctx.timescape.timeline`. What is
 * noted stays until it is deleted; pruning leaves it alone.
 *
 * `append` resolves when the note is stored. One that is noted again as it was changes nothing, and another one under
 * the same id is refused with `STORAGE_CONFLICT`. `query` is oldest first, and as in the runtime `from` and `to` are
 * part of the range, and `getLatest` asks for a type alone. `close()` ends the timeline and not the storage.
 *
 * @example
 * import { createTimelineStore } from '@gati-framework/runtime-adapter/timescape';
 *
 * const timeline = createTimelineStore(storage);
 * await timeline.append({
 *   id: 'tsv:1764255600-mailer-002',
 *   timestamp: Date.now(),
 *   type: 'module',
 *   actor: 'Ada',
 *   payload: { reason: 'another provider' },
 *   parents: ['tsv:1764169200-mailer-001'],
 * });
 * console.log(await timeline.query({ actor: 'Ada' }));
 *
 * @throws StorageError `INVALID_OPTIONS` for what is no such storage.
 */
export function createTimelineStore(storage: TimelineStorage): TimelineStore {
  const missing = ['commit', 'entries', 'get'].filter((name) => typeof Object(storage)[name] !== 'function');
  if (missing.length === 0) return new StoredTimeline(storage);
  throw invalidOption('storage', `cannot hold a timeline: it has no ${missing.join(', no ')}`);
}

class StoredTimeline implements TimelineStore {
  readonly #storage: TimelineStorage;
  #isClosed = false;

  constructor(storage: TimelineStorage) {
    this.#storage = storage;
  }

  async append(item: ChangeLogItem): Promise<void> {
    this.#assertOpen();
    if (!TYPES.includes(Object(item).type))
      throw invalidOption('item.type', `must be one of ${TYPES.join(', ')}`);
    const key = { handlerId: handlerOf(item.type), version: item.id };
    const isNew = { kind: 'timescapeMetadata', key, revision: null } as const;
    const value = recordOfNoHandler(key.handlerId, key.version, { change: item });
    try {
      await this.#storage.commit([{ put: 'timescapeMetadata', value }], { expect: [isNew] });
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'STORAGE_CONFLICT') throw error;
      const known = await this.#storage.get<'timescapeMetadata'>(isNew);
      if (known !== undefined && isDeepStrictEqual(itemIn(known.value), plain(item))) return;
      throw conflict('timescapeMetadata', [key.handlerId, key.version], null, known?.revision ?? null);
    }
  }

  /** @param _id As in the runtime, it does not matter. */
  async getLatest(type: ArtifactType, _id: string): Promise<ChangeLogItem | null> {
    const items = await this.query({ type });
    return items.at(-1) ?? null;
  }

  async query(filter: Parameters<TimelineStore['query']>[0]): Promise<ChangeLogItem[]> {
    this.#assertOpen();
    const { from, to, type, actor } = filter;
    const found: ChangeLogItem[] = [];
    for (const one of type === undefined ? TYPES : [type]) {
      const entries = this.#storage.entries({ kinds: ['timescapeMetadata'], handlerId: handlerOf(one) });
      for await (const { value } of entries) {
        const item = itemIn(value);
        if (item === undefined || (from && item.timestamp < from) || (to && item.timestamp > to)) continue;
        if (!actor || item.actor === actor) found.push(item);
      }
    }
    return found.sort((a, b) => a.timestamp - b.timestamp);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #assertOpen(): void {
    if (this.#isClosed) throw closed();
  }
}

function handlerOf(type: ArtifactType): string {
  return `${TIMELINE_PREFIX}${type}`;
}

function itemIn(value: unknown): ChangeLogItem | undefined {
  return (Object(value) as TimescapeMetadata & { readonly change?: ChangeLogItem }).change;
}

/** As it comes back: without fields that are undefined. */
function plain(item: ChangeLogItem): object {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
}
