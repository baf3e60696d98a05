import { statsOf } from '../base-storage.js';
import { belongsToHandler, type KeyTuple, RECORD_KIND_NAMES } from '../contract/record-kinds.js';
import type { RecordKind, Revision } from '../contract/storage.js';
import type { StorageStats } from '../contract/storage-contract.js';
import type { PreparedChange } from '../rules/prepare-change.js';
import { handlerIdOf } from './memory-entry.js';
import { ManifestTable, RecordTable, type Slot, TransformerTable } from './memory-tables.js';
import type { PastSlots, Undo } from './undo.js';

const NOTHING: readonly Slot[] = Object.freeze([]);

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

  /**
   * Cannot fail: everything that could be refused was refused before.
   *
   * @returns What would undo each change.
   */
  apply(changes: readonly PreparedChange[], revision: Revision): Undo[] {
    return changes.map((change) => {
      if (change.op === 'clear') return { of: undefined, replaced: this.#takeAll() };
      const table = this.#of(change.kind);
      const replaced = change.op === 'put' ? table.put(change, revision) : table.delete(change.key);
      return { of: change, replaced: replaced === undefined ? NOTHING : [replaced] };
    });
  }

  #takeAll(): Slot[] {
    const taken = RECORD_KIND_NAMES.flatMap((kind): Slot[] => [...this[kind].slots]);
    this.clear();
    return taken;
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
   * @param past As they were; absent: as they are.
   */
  list(kinds: readonly RecordKind[], handlerId: string | undefined, past?: PastSlots): Slot[] {
    const found: Slot[] = [];
    for (const kind of kinds) {
      if (handlerId !== undefined && !belongsToHandler(kind)) continue;
      const { slots } = this[kind];
      for (const slot of past?.list(kind, slots) ?? slots) {
        if (handlerId === undefined || handlerIdOf(slot) === handlerId) found.push({ ...slot });
      }
    }
    return found;
  }

  #of<K extends RecordKind>(kind: K): RecordTable<K> {
    return this[kind] as unknown as RecordTable<K>;
  }
}
