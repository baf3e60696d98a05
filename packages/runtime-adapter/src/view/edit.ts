import type { StorageChange, Transformer } from '@gati-framework/manifest-store';
import { TIMELINE_PREFIX, TimeSlice } from '@gati-framework/manifest-store/backend';
import { HandlerDraft } from './handler-draft.js';
import type { HandlerEntry, Placed } from './handler-entry.js';
import { Tables } from './tables.js';

/** So many handlers are replaced in one step, in well under the millisecond that a request may wait for. */
const IN_ONE_STEP = 64;

/** What a commit makes of tables. Nothing of it is seen before it is published, in one step. */
export class Edit {
  readonly #base: Tables;
  readonly #drafts = new Map<string, HandlerDraft>();
  /** Transformers that were put, or with `undefined` deleted. */
  readonly #transformers = new Map<string, Placed<Transformer> | undefined>();
  #nextPlace: number;
  #isCleared = false;

  constructor(base: Tables) {
    this.#base = base;
    this.#nextPlace = base.nextPlace;
  }

  apply(change: StorageChange): void {
    if ('clear' in change) this.#clear();
    else if ('put' in change) this.#put(change);
    else if (change.delete === 'transformer') this.#deleteTransformer(change.key.id);
    else if (change.delete === 'manifest')
      this.#draft(change.key.handlerId).deleteManifest(change.key.version);
    else if (change.delete === 'versionGraph') this.#draft(change.key.handlerId).graph = undefined;
    else if (change.delete === 'timescapeMetadata')
      this.#draft(change.key.handlerId).deleteMetadata(change.key.version);
  }

  /** Handlers that it concerns. */
  touched(): ReadonlySet<string> {
    return new Set([...(this.#isCleared ? this.#base.handlers.keys() : []), ...this.#drafts.keys()]);
  }

  /** Shows it: at once in the tables themselves, or if it is large, in new ones that are made beside them. */
  publish(): Tables | Promise<Tables> {
    const changes = this.#drafts.size + this.#transformers.size;
    if (this.#isCleared || changes > IN_ONE_STEP) return this.#publishBeside();
    for (const [handlerId, draft] of this.#drafts) this.#base.replaceHandler(handlerId, draft.seal());
    for (const [id, transformer] of this.#transformers) this.#base.replaceTransformer(id, transformer);
    this.#base.nextPlace = this.#nextPlace;
    return this.#base;
  }

  /** Nobody else changes the tables meanwhile: one commit is gone through at a time. */
  async #publishBeside(): Promise<Tables> {
    const tables = new Tables();
    const slice = new TimeSlice();
    for (const [handlerId, entry] of this.#isCleared ? [] : this.#base.handlers) {
      if (slice.isOver) await slice.next();
      if (!this.#drafts.has(handlerId)) tables.replaceHandler(handlerId, entry);
    }
    for (const [handlerId, draft] of this.#drafts) {
      if (slice.isOver) await slice.next();
      tables.replaceHandler(handlerId, draft.seal());
    }
    const transformers = this.#isCleared ? [] : this.#base.transformers;
    for (const list of [transformers, this.#transformers]) {
      for (const [id, transformer] of list) {
        if (slice.isOver) await slice.next();
        tables.replaceTransformer(id, transformer);
      }
    }
    tables.nextPlace = this.#nextPlace;
    return tables;
  }

  #put(change: Extract<StorageChange, { readonly put: unknown }>): void {
    if (change.put === 'manifest')
      this.#draft(change.key.handlerId).putManifest(change.value, this.#nextPlace++);
    else if (change.put === 'versionGraph') this.#draft(change.key.handlerId).graph = change.value;
    else if (change.put === 'transformer') this.#putTransformer(change.value);
    else if (change.put === 'timescapeMetadata' && !change.key.handlerId.startsWith(TIMELINE_PREFIX))
      this.#draft(change.key.handlerId).putMetadata(change.value);
  }

  #draft(handlerId: string): HandlerDraft {
    const known = this.#drafts.get(handlerId);
    if (known !== undefined) return known;
    const draft = new HandlerDraft(handlerId, this.#handler(handlerId));
    this.#drafts.set(handlerId, draft);
    return draft;
  }

  #handler(handlerId: string): HandlerEntry | undefined {
    return this.#isCleared ? undefined : this.#base.handlers.get(handlerId);
  }

  /** A handler that is stored again in the same commit is a new one. */
  #clear(): void {
    this.#isCleared = true;
    this.#drafts.clear();
    this.#transformers.clear();
  }

  #transformer(id: string): Placed<Transformer> | undefined {
    if (this.#transformers.has(id)) return this.#transformers.get(id);
    return this.#isCleared ? undefined : this.#base.transformers.get(id);
  }

  #putTransformer(value: Transformer): void {
    const known = this.#transformer(value.id);
    if (known !== undefined) this.#draft(known.value.handlerId).deleteTransformer(value.id);
    const placed = { value, place: known?.place ?? this.#nextPlace++ };
    this.#transformers.set(value.id, placed);
    this.#draft(value.handlerId).putTransformer(placed);
  }

  #deleteTransformer(id: string): void {
    const known = this.#transformer(id);
    if (known !== undefined) this.#draft(known.value.handlerId).deleteTransformer(id);
    this.#transformers.set(id, undefined);
  }
}
