import { type RecordKind, type Storage, StorageError } from '@gati-framework/manifest-store';
import { keyTuple } from '@gati-framework/manifest-store/backend';
import { readHandlers } from '@gati-framework/storage-tools';

/** How many similar names are told. */
const SHOWN = 5;

/** Names similar handlers, as the wanted one may be mistyped. */
export async function unknownHandler(
  storage: Pick<Storage, 'entries'>,
  handlerId: string,
): Promise<StorageError> {
  const ids = (await readHandlers(storage)).map((handler) => handler.handlerId);
  return unknown(`handler "${handlerId}"`, similarTo(handlerId, ids), 'gati-storage list', 'handlerId');
}

/** The same for a record of another kind. */
export async function unknownRecord(
  storage: Pick<Storage, 'entries'>,
  kind: RecordKind,
  what: string,
  name: string,
): Promise<StorageError> {
  const names = new Set<string>();
  // What is damaged has a name, too, but cannot be shown.
  for await (const entry of storage.entries({ kinds: [kind], onUnreadable: () => {} }))
    names.add(keyTuple(entry.kind, entry.key)[0]);
  return unknown(what, similarTo(name, [...names]), `gati-storage list --kind ${kind}`, kind);
}

function similarTo(name: string, names: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase();
  return names.filter((one) => one.toLowerCase().includes(wanted)).slice(0, SHOWN);
}

function unknown(what: string, similar: readonly string[], command: string, path: string): StorageError {
  const hint =
    similar.length > 0 ? `Similar ones: ${similar.join(', ')}. All: ${command}` : `See: ${command}`;
  return new StorageError('INVALID_OPTIONS', `The store has no ${what}. ${hint}`, { path });
}
