import { statsOf } from '../base-storage.js';
import { belongsToHandler, type KeyTuple, RECORD_KIND_NAMES } from '../contract/record-kinds.js';
import type { RecordKind, Revision } from '../contract/storage.js';
import type { StorageStats } from '../contract/storage-contract.js';
import type { PreparedChange } from '../rules/prepare-change.js';
import { handlerIdOf } from './memory-entry.js';
import { ManifestTable, RecordTable, type Slot, TransformerTable } from './memory-tables.js';

/** The records of a store, a table for each kind. */
export class StoreTables implements Readonly<{ [K in RecordKind]: RecordTable<K> }> {
  readonly manifest: ManifestTable = new ManifestTable('manifest');
  readonly hookManifest: RecordTable<'hookManifest'> = new RecordTable('hookManifest');
  readonly gtype: RecordTable<'gtype'> = new RecordTable('gtype');
  readonly transformer: TransformerTable = new TransformerTable('transformer');
  readonly versionGraph: RecordTable<'versionGraph'> = new RecordTable('versionGraph');
  readonly timescapeMetadata: RecordTable<'timescapeMetadata'> = new RecordTable('timescapeMetadata');

  find<K extends RecordKind>(kind: K, key: KeyTuple): Slot<K> | undefined {
    return this.#of(kind).get(key[0], key[1]);
  }

  /** Cannot fail: everything that could be refused was refused before. */
  apply(changes: readonly PreparedChange[], revision: Revision): void {
    for (const change of changes) {
      if (change.op === 'put') this.#of(change.kind).put(change, revision);
      else if (change.op === 'delete') this.#of(change.kind).delete(change.key);
      else this.clear();
    }
  }

  clear(): void {
    for (const kind of RECORD_KIND_NAMES) this[kind].clear();
  }

  stats(): StorageStats {
    return statsOf((kind) => this[kind].slots.size);
  }

  /**
   * Copies of the slots, as a later write replaces what a slot holds: kind by kind, within a kind in first-stored order.
   *
   * @param handlerId Only those of this handler; absent: all.
   */
  list(kinds: readonly RecordKind[], handlerId: string | undefined): Slot[] {
    const found: Slot[] = [];
    for (const kind of kinds) {
      if (handlerId !== undefined && !belongsToHandler(kind)) continue;
      for (const slot of this[kind].slots) {
        if (handlerId === undefined || handlerIdOf(slot) === handlerId) found.push({ ...slot });
      }
    }
    return found;
  }

  #of<K extends RecordKind>(kind: K): RecordTable<K> {
    return this[kind] as unknown as RecordTable<K>;
  }
}
