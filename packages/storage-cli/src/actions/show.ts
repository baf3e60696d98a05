import { type HandlerManifest, StorageError } from '@gati-framework/manifest-store';
import { readHandlers, type StoredHandler } from '@gati-framework/storage-tools';
import { handlerDetails } from '../handler-details.js';
import type { Terminal } from '../terminal.js';
import { formatDetails } from '../text/format-details.js';
import { unknownHandler } from './unknown-handler.js';
import { withStorage } from './with-storage.js';

export interface ShowCommandOptions {
  readonly store: string;
  /** Version to show. Default: the latest. */
  readonly version?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

export async function showCommand(
  terminal: Terminal,
  handlerId: string,
  options: ShowCommandOptions,
): Promise<void> {
  await withStorage(options.store, { readOnly: true }, terminal.signal, async (storage) => {
    const [handler] = await readHandlers(storage, handlerId);
    if (handler === undefined) throw await unknownHandler(storage, handlerId);
    const manifest = findManifest(handler, options.version);
    const details = await handlerDetails(storage, handler, manifest);
    terminal.out(
      options.json === true
        ? JSON.stringify(details, null, 2)
        : formatDetails(details, terminal.columns, options.verbose ?? false),
    );
  });
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
