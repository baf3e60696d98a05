import { type HandlerManifest, type Storage, StorageError } from '@gati-framework/manifest-store';
import { readHandlers, type StoredHandler } from '@gati-framework/storage-tools';
import type { Terminal } from '../terminal.js';
import { asJson } from '../text/json.js';
import { unknownHandler } from './unknown-record.js';
import { type StoreToRead, withStorageAt } from './with-storage.js';

export interface ShowCommandOptions extends StoreToRead {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** @param version Default: the latest. */
export async function showHandlerCommand(
  terminal: Terminal,
  handlerId: string,
  version: string | undefined,
  { json, verbose = false, ...store }: ShowCommandOptions,
): Promise<void> {
  await withStorageAt(store, terminal, async (storage) => {
    const handler = await findHandler(storage, handlerId);
    const manifest = findManifest(handler, version);
    const { handlerDetails } = await import('../handler-details.js');
    const details = await handlerDetails(storage, handler, manifest);
    if (json === true) return terminal.out(asJson(details));
    const { formatDetails } = await import('../text/format-details.js');
    terminal.out(formatDetails(details, terminal.columns, verbose));
  });
}

/** Every version of a handler, a line each. */
export async function showVersionsCommand(
  terminal: Terminal,
  handlerId: string,
  { json, ...store }: ShowCommandOptions,
): Promise<void> {
  await withStorageAt(store, terminal, async (storage) => {
    const handler = await findHandler(storage, handlerId);
    const { summariseVersions } = await import('../version-summary.js');
    const versions = summariseVersions(handler);
    if (json === true) return terminal.out(asJson({ handlerId, versions }));
    const { formatVersions } = await import('../text/format-records.js');
    terminal.out(formatVersions(versions, terminal.columns));
  });
}

async function findHandler(storage: Pick<Storage, 'entries'>, handlerId: string): Promise<StoredHandler> {
  const [handler] = await readHandlers(storage, handlerId);
  if (handler === undefined) throw await unknownHandler(storage, handlerId);
  return handler;
}

function findManifest({ handlerId, manifests }: StoredHandler, version: string | undefined): HandlerManifest {
  const found =
    version === undefined
      ? manifests[manifests.length - 1]
      : manifests.find((manifest) => manifest.version === version);
  if (found !== undefined) return found;
  const names = manifests.map((manifest) => manifest.version).join(', ') || 'none';
  throw new StorageError(
    'INVALID_OPTIONS',
    `The store has no manifest of "${handlerId}"${version === undefined ? '' : ` in version ${version}`}. ` +
      `Versions: ${names}.`,
    { path: 'version' },
  );
}
