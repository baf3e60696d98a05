import type { Entry, RecordKeys, RecordKind, Revision, StorageStats } from '@gati-framework/manifest-store';
import { statsOf } from '@gati-framework/manifest-store/backend';
import type { VersionStatus } from '../api/index.js';
import { HandlerEntry } from './handler-entry.js';
import { fieldOf, Names, OBJECT_BYTES, textBytes } from './names.js';
import { type TypeFacts, typeFacts, withoutFields } from './type-facts.js';
import { graphFacts, versionFacts } from './version-facts.js';

/** Which versions a transformer leads between. */
export interface TransformerFacts {
  readonly handlerId: string;
  readonly from: string;
  readonly to: string;
}

const STATUSES: ReadonlySet<unknown> = new Set(['pending', 'active', 'draining', 'decommissioned']);
const HANDLER_BYTES = 512;
const TRANSFORMER_BYTES = 3 * OBJECT_BYTES;

/**
 * What lists, search and blast radius need to know of a store as of one revision: names and how they hang together, not the
 * records. It is bounded by an estimate of its bytes: when they are used up, it lets go of the names of fields first, and then
 * takes up no more records.
 */
export class Catalog {
  revision: Revision = 0;
  readonly limit: number;
  #bytes = 0;
  #leftOut: 'nothing' | 'fields' | 'handlers' = 'nothing';
  #owner = {};
  readonly #names = new Names();
  readonly #handlers = new Map<string, HandlerEntry>();
  readonly #types = new Map<string, TypeFacts>();
  readonly #transformers = new Map<string, TransformerFacts>();
  #parents: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Another one that says the same, and shares what neither of them changes from now on. */
  copy(): Catalog {
    const copy = new Catalog(this.limit);
    for (const [id, handler] of this.#handlers) copy.#handlers.set(id, handler);
    for (const [ref, facts] of this.#types) copy.#types.set(ref, facts);
    for (const [id, facts] of this.#transformers) copy.#transformers.set(id, facts);
    copy.revision = this.revision;
    copy.#bytes = this.#bytes;
    copy.#leftOut = this.#leftOut;
    this.#owner = {};
    return copy;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get leftOut(): 'nothing' | 'fields' | 'handlers' {
    return this.#leftOut;
  }

  get handlers(): ReadonlyMap<string, HandlerEntry> {
    return this.#handlers;
  }

  get types(): ReadonlyMap<string, TypeFacts> {
    return this.#types;
  }

  get transformers(): ReadonlyMap<string, TransformerFacts> {
    return this.#transformers;
  }

  /** The types that name a type, by its ref. */
  parents(): ReadonlyMap<string, readonly string[]> {
    this.#parents ??= parentsOf(this.#types);
    return this.#parents;
  }

  /** Records of each kind that it has taken up. */
  counts(): StorageStats {
    const counts = { manifest: 0, hookManifest: 0, versionGraph: 0, timescapeMetadata: 0 };
    for (const { versions, hooks, graph, statuses } of this.#handlers.values()) {
      counts.manifest += versions.size;
      counts.hookManifest += hooks === undefined ? 0 : 1;
      counts.versionGraph += graph === undefined ? 0 : 1;
      counts.timescapeMetadata += statuses.size;
    }
    const all = { ...counts, gtype: this.#types.size, transformer: this.#transformers.size };
    return statsOf((kind) => all[kind]);
  }

  put(entry: Entry): void {
    if (entry.kind === 'gtype') this.#putType(entry);
    else if (entry.kind === 'transformer') this.#putTransformer(entry);
    else this.#putOfHandler(entry);
    if (this.#bytes > this.limit) this.#shed();
  }

  delete<K extends RecordKind>(kind: K, key: RecordKeys[K]): void {
    if ('ref' in key) {
      this.#parents = undefined;
      this.#bytes -= this.#types.get(key.ref)?.bytes ?? 0;
      this.#types.delete(key.ref);
    } else if ('id' in key) {
      if (this.#transformers.delete(key.id)) this.#bytes -= TRANSFORMER_BYTES;
    } else this.#deleteOfHandler(kind, key);
  }

  clear(): void {
    for (const map of [this.#handlers, this.#types, this.#transformers]) map.clear();
    this.#bytes = 0;
    this.#parents = undefined;
  }

  #putType({ key, value }: Entry<'gtype'>): void {
    const before = this.#types.get(key.ref);
    if (before === undefined && this.#leftOut === 'handlers') return;
    const facts = typeFacts(value, this.#names, this.#leftOut === 'nothing');
    this.#types.set(facts.ref, facts);
    this.#parents = undefined;
    this.#bytes += facts.bytes - (before?.bytes ?? 0);
  }

  #putTransformer({ key, value }: Entry<'transformer'>): void {
    const isNew = !this.#transformers.has(key.id);
    if (isNew && this.#leftOut === 'handlers') return;
    const { handlerId, fromVersion, toVersion } = value;
    const keep = (text: string): string => this.#names.keep(text);
    this.#transformers.set(keep(key.id), {
      handlerId: keep(handlerId),
      from: keep(fromVersion),
      to: keep(toVersion),
    });
    if (isNew) this.#bytes += TRANSFORMER_BYTES;
  }

  #putOfHandler(entry: Exclude<Entry, Entry<'gtype' | 'transformer'>>): void {
    const { handlerId } = entry.key;
    if (this.#leftOut === 'handlers' && !this.#has(entry)) return;
    const handler = this.#own(handlerId);
    const names = this.#names;
    this.#bytes -= bytesOf(handler, entry.kind, entry.key);
    switch (entry.kind) {
      case 'manifest':
        handler.putVersion(versionFacts(entry.value, entry.revision, names));
        break;
      case 'versionGraph':
        handler.graph = graphFacts(entry.value, entry.revision, names);
        break;
      case 'timescapeMetadata':
        handler.statuses.set(names.keep(entry.key.version), statusOf(entry.value));
        break;
      case 'hookManifest':
        handler.hooks = hooksOf(entry.value).flatMap((hook) => names.list(fieldOf(hook, 'id')));
        break;
    }
    this.#bytes += bytesOf(handler, entry.kind, entry.key);
  }

  #deleteOfHandler(kind: RecordKind, key: HandlerKey): void {
    if (!this.#handlers.has(key.handlerId)) return;
    const handler = this.#own(key.handlerId);
    this.#bytes -= bytesOf(handler, kind, key);
    if (kind === 'manifest') handler.deleteVersion(String(key.version));
    else if (kind === 'timescapeMetadata') handler.statuses.delete(String(key.version));
    else if (kind === 'versionGraph') handler.graph = undefined;
    else handler.hooks = undefined;
    if (!handler.isEmpty) return;
    this.#handlers.delete(key.handlerId);
    this.#bytes -= HANDLER_BYTES;
  }

  #has({ kind, key }: Exclude<Entry, Entry<'gtype' | 'transformer'>>): boolean {
    const handler = this.#handlers.get(key.handlerId);
    if (kind === 'manifest') return handler?.versions.has(key.version) === true;
    if (kind === 'timescapeMetadata') return handler?.statuses.has(key.version) === true;
    return (kind === 'versionGraph' ? handler?.graph : handler?.hooks) !== undefined;
  }

  /** The entry of a handler, that this catalog may change. */
  #own(handlerId: string): HandlerEntry {
    const known = this.#handlers.get(handlerId);
    if (known?.owner === this.#owner) return known;
    const id = known?.handlerId ?? this.#names.keep(handlerId);
    const entry = new HandlerEntry(id, this.#owner, known);
    this.#handlers.set(id, entry);
    if (known === undefined) this.#bytes += HANDLER_BYTES;
    return entry;
  }

  #shed(): void {
    if (this.#leftOut !== 'nothing') {
      this.#leftOut = 'handlers';
      return;
    }
    this.#leftOut = 'fields';
    for (const [ref, facts] of this.#types) {
      const less = withoutFields(facts);
      this.#types.set(ref, less);
      this.#bytes -= facts.bytes - less.bytes;
    }
    if (this.#bytes > this.limit) this.#leftOut = 'handlers';
  }
}

function parentsOf(types: ReadonlyMap<string, TypeFacts>): Map<string, string[]> {
  const parents = new Map<string, string[]>();
  for (const { ref, children } of types.values()) {
    for (const child of children) {
      const known = parents.get(child);
      if (known === undefined) parents.set(child, [ref]);
      else known.push(ref);
    }
  }
  return parents;
}

interface HandlerKey {
  readonly handlerId: string;
  readonly version?: string;
}

function bytesOf(handler: HandlerEntry, kind: RecordKind, { version = '' }: HandlerKey): number {
  if (kind === 'manifest') return handler.versions.get(version)?.bytes ?? 0;
  if (kind === 'versionGraph') return handler.graph?.bytes ?? 0;
  if (kind === 'timescapeMetadata') return handler.statuses.has(version) ? 2 * OBJECT_BYTES : 0;
  return (handler.hooks ?? []).reduce((sum, id) => sum + textBytes(id), 0);
}

function statusOf(metadata: unknown): VersionStatus | undefined {
  const status = fieldOf(fieldOf(metadata, 'deployment'), 'status');
  return STATUSES.has(status) ? (status as VersionStatus) : undefined;
}

function hooksOf(manifest: unknown): readonly unknown[] {
  const hooks = fieldOf(manifest, 'hooks');
  return Array.isArray(hooks) ? hooks : [];
}
