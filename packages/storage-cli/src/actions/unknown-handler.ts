import { type Storage, StorageError } from '@gati-framework/manifest-store';
import { readHandlers } from '@gati-framework/storage-tools';

/** Names similar handlers, as the wanted one may be mistyped. */
export async function unknownHandler(
  storage: Pick<Storage, 'entries'>,
  handlerId: string,
): Promise<StorageError> {
  const ids = (await readHandlers(storage)).map((handler) => handler.handlerId);
  const wanted = handlerId.toLowerCase();
  const similar = ids.filter((id) => id.toLowerCase().includes(wanted)).slice(0, 5);
  const hint = similar.length > 0 ? `Similar ones: ${similar.join(', ')}.` : 'See: gati-storage list';
  return new StorageError('INVALID_OPTIONS', `The store has no handler "${handlerId}". ${hint}`, {
    path: 'handlerId',
  });
}
