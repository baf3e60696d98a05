import { stat } from 'node:fs/promises';
import {
  type HandlerManifest,
  type Revision,
  type Storage,
  StorageError,
} from '@gati-framework/manifest-store';
import { archiveState, isArchive } from '@gati-framework/storage-tools/archive';
import type { State } from '@gati-framework/storage-tools/diff';
import { storageAt } from '@gati-framework/storage-tools/history';
import type { ReadingProgress } from '../reading-progress.js';
import type { OpeningTerminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { unknownHandler } from './unknown-record.js';
import { withStorage } from './with-storage.js';

/** One of what `diff` compares. */
export type Side =
  | { readonly is: 'state'; readonly state: State }
  | { readonly is: 'version'; readonly manifest: HandlerManifest; readonly state: State };

/** What a side is, by what was typed for it. */
export type SideText =
  | { readonly is: 'store'; readonly url: string /** Default: as it is now. */; readonly at?: Revision }
  | { readonly is: 'archive'; readonly file: string }
  | { readonly is: 'version'; readonly handlerId: string; readonly version: string };

const FORMS =
  'Write the URL of a store, sqlite:./gati.db@41 for its revision 41, the file of an archive, or a version as users.get@1.0.0.';

/**
 * Reads what was typed; nothing of it is opened yet.
 *
 * @param store What a revision belongs to that stands alone.
 */
export async function readSide(text: string, store: string): Promise<SideText> {
  if (isRevision(text)) return { is: 'store', url: store, at: Number(text) };
  // Before anything else, so that what was meant for a URL, and may hold a password, is told by what hides it.
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^(memory|sqljs|sqlite|postgres|postgresql|etcd):/i.test(text))
    return await readStore(text);
  if (await isFile(text)) {
    if (await isArchive(text)) return { is: 'archive', file: text };
    throw new UsageError(`${text} is a file and no archive; a store in it would be sqlite:${text}. ${FORMS}`);
  }
  const at = text.lastIndexOf('@');
  if (at > 0 && at < text.length - 1)
    return { is: 'version', handlerId: text.slice(0, at), version: text.slice(at + 1) };
  throw new UsageError(`There is no file ${text}. ${FORMS}`);
}

/** A revision stands behind the last @ of a URL, where no server and no file of that name can be meant. */
async function readStore(text: string): Promise<SideText> {
  const [, url = '', at = ''] = /^(.+)@([^@]+)$/s.exec(text) ?? [];
  const isWhole = /^[^:]+:\/\/[^/]*$/.test(url) || (await isFile(text.slice(text.indexOf(':') + 1)));
  if (isWhole || !isRevision(at)) return { is: 'store', url: text };
  return { is: 'store', url, at: Number(at) };
}

function isRevision(text: string): boolean {
  return /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text));
}

export interface Surroundings {
  readonly terminal: OpeningTerminal;
  /** Holds the versions that are named. */
  readonly store: string;
  /** Of what is read. */
  readonly progress: ReadingProgress;
}

export async function withSide<T>(
  side: SideText,
  { terminal, store, progress }: Surroundings,
  use: (side: Side) => Promise<T>,
): Promise<T> {
  if (side.is === 'archive')
    return await use({ is: 'state', state: progress.ofState(archiveState(side.file)) });
  const url = side.is === 'store' ? side.url : store;
  return await withStorage(url, { readOnly: true }, terminal, async (opened) => {
    const storage = progress.of(opened);
    if (side.is === 'store') return await use({ is: 'state', state: await stateOf(storage, side.at) });
    const state = await stateOf(storage);
    return await use({ is: 'version', manifest: await findVersion(storage, side), state });
  });
}

/** As of one revision, where a storage can be read so, however often and whatever others write meanwhile. */
async function stateOf(storage: Storage, wanted?: Revision): Promise<State> {
  if (wanted === undefined && !storage.capabilities.history) return storage;
  const at = wanted ?? (await storage.stats()).revision;
  return storageAt(storage, at);
}

async function findVersion(
  storage: Storage,
  { handlerId, version }: Extract<SideText, { is: 'version' }>,
): Promise<HandlerManifest> {
  const found = await storage.getManifest(handlerId, version);
  if (found !== undefined) return found;
  const versions = (await storage.getAllManifestVersions(handlerId)).map((manifest) => manifest.version);
  if (versions.length === 0) throw await unknownHandler(storage, handlerId);
  const message = `The store has no version ${version} of "${handlerId}". Versions: ${versions.join(', ')}.`;
  throw new StorageError('INVALID_OPTIONS', message, { path: 'version' });
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
