import type { RecordKind } from '@gati-framework/manifest-store';
import { type KeyTuple, keyTuple, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { PastStorage } from '@gati-framework/storage-tools/history';
import { ReadingProgress } from '../reading-progress.js';
import type { Terminal } from '../terminal.js';
import { formatTable } from '../text/format-table.js';
import { asJson } from '../text/json.js';
import { plural } from '../text/words.js';
import { type StoreToRead, withStorageAt } from './with-storage.js';

export interface ListRecordsCommandOptions extends StoreToRead {
  readonly json?: boolean;
}

interface Listed {
  readonly key: KeyTuple;
  readonly revision: number;
}

/** The keys of all records of a kind, in first-stored order. */
export async function listRecordsCommand(
  terminal: Terminal,
  kind: RecordKind,
  { json, ...store }: ListRecordsCommandOptions,
): Promise<void> {
  using progress = new ReadingProgress(terminal, { quiet: json });
  const read = async (storage: PastStorage): Promise<void> => {
    const found: Listed[] = [];
    for await (const entry of storage.entries({ kinds: [kind] }))
      found.push({ key: keyTuple(entry.kind, entry.key), revision: entry.revision });
    const { revision } = await storage.stats();
    if (json === true) return terminal.out(asJson({ revision, kind, records: found }));
    const head = [...RECORD_KINDS[kind].keyFields.map(headOf), 'REVISION'];
    const rows = found.map((one) => [...one.key, String(one.revision)]);
    terminal.out(
      [
        ...(rows.length === 0 ? [] : [formatTable(head, rows, { width: terminal.columns }), '']),
        `${plural(rows.length, 'record')} of the kind ${kind}; revision ${revision}`,
      ].join('\n'),
    );
  };
  await withStorageAt(store, terminal, read, progress);
}

/** `HANDLER`, `VERSION`, `REF`. */
function headOf(field: string): string {
  return field.replace(/Id$/, '').toUpperCase();
}
