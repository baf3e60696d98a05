import type { EntryFilter, RecordKind, Storage } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { State } from '@gati-framework/storage-tools/diff';
import { type Progress, type ProgressOptions, showProgress } from './progress.js';
import type { Terminal } from './terminal.js';

type Counted = Pick<Storage, 'entries' | 'stats'>;

/**
 * How far a command has come that reads records, perhaps several times: each iteration that goes through what is watched is
 * told, from its beginning; of those that are under way together, the one that began last.
 */
export class ReadingProgress implements Disposable {
  readonly #terminal: Terminal;
  readonly #quiet: boolean;
  readonly #underWay: Progress[] = [];

  constructor(terminal: Terminal, { quiet = false }: Pick<ProgressOptions, 'quiet'>) {
    this.#terminal = terminal;
    this.#quiet = quiet;
  }

  /** The same storage, whose iterations are told. */
  of<S extends Counted>(storage: S): S {
    if (this.#quiet) return storage;
    const entries = (filter: EntryFilter = {}) =>
      this.#told(storage.entries(filter), () => countOf(storage, filter));
    return new Proxy(storage, {
      get: (target, name) => (name === 'entries' ? entries : Reflect.get(target, name)),
    });
  }

  /** As {@link of}, of what does not know how much it holds. */
  ofState(state: State): State {
    if (this.#quiet) return state;
    return { entries: (filter) => this.#told(state.entries(filter), async () => undefined) };
  }

  /** Takes it off the terminal, so that something else can be written there. */
  clear(): void {
    this.#underWay.at(-1)?.clear();
  }

  [Symbol.dispose](): void {
    this.clear();
  }

  async *#told<T>(
    records: AsyncIterable<T>,
    count: () => Promise<number | undefined>,
  ): AsyncIterableIterator<T> {
    const progress = showProgress(this.#terminal, { unit: 'records', total: await count() });
    this.clear();
    this.#underWay.push(progress);
    let done = 0;
    try {
      for await (const record of records) {
        done += 1;
        if (this.#underWay.at(-1) === progress) progress.update(done);
        yield record;
      }
    } finally {
      progress.clear();
      this.#underWay.splice(this.#underWay.indexOf(progress), 1);
    }
  }
}

/** How many records an iteration will give, where the store tells that of this moment. */
async function countOf(storage: Counted, { kinds, handlerId, at }: EntryFilter): Promise<number | undefined> {
  if (handlerId !== undefined) return undefined;
  const stats = await storage.stats();
  if (at !== undefined && at !== stats.revision) return undefined;
  const wanted: readonly RecordKind[] = kinds ?? RECORD_KIND_NAMES;
  return wanted.reduce((sum, kind) => sum + stats[RECORD_KINDS[kind].count], 0);
}
