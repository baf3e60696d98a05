import { randomBytes } from 'node:crypto';
import type { Storage } from '@gati-framework/manifest-store';
import {
  decideOptions,
  invalidOption,
  type OptionRule,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';
import { shownUrl } from '@gati-framework/storage-tools';
import { LiveCatalog } from './catalog/live-catalog.js';
import { PastCatalogs } from './catalog/past-catalogs.js';
import { CommitRefs } from './commit-refs.js';
import { givingWay } from './giving-way.js';
import { pageFiles } from './http/page-files.js';
import { StudioServer } from './http/studio-server.js';
import { PAGE_FOLDER } from './page-folder.js';
import { Comparisons } from './states/comparisons.js';
import type { StudioContext, StudioStore } from './studio-context.js';
import { Turns } from './turns.js';

export interface StudioOptions {
  /** Another store, to compare with. It is only read. */
  compare?: Storage;
  /** Let the page roll back, prune, delete and deploy. Default: false, and the store is only read. */
  write?: boolean;
  /** Port to listen on. Default: 0, which is one that is free. */
  port?: number;
  /** Address to listen on, of this machine only: `127.0.0.1`, `::1` or `localhost`. Default: `127.0.0.1`. */
  host?: string;
  /** The URL of the store, for the commands that the page shows. A password in it is never shown. */
  url?: string;
  /** The URL of the other store. */
  compareUrl?: string;
  /**
   * Bytes that the names of the store may take in memory, as they are estimated; another two times as much is for looking at
   * the past. Default: 128 MiB, which is room for about 100,000 versions of handlers with their types.
   */
  catalogBytes?: number;
  /** Told what went wrong in the server and is no error of a store. Default: it is dropped. */
  onError?: (error: unknown) => void;
}

/** A studio that is being served. */
export interface Studio extends AsyncDisposable {
  /** The address to open, with the token in its fragment: whoever has it sees the store. */
  readonly url: string;
  readonly port: number;
  /**
   * An address that leads to the page once, within a minute: for the command line of a browser, which every user of a machine
   * can see.
   */
  launchUrl(): string;
  /** Ends every connection. The storages stay the caller's to close. May be called twice. */
  close(): Promise<void>;
}

const HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);
const MAX_PORT = 65_535;
/** What reads whole stores is done two at a time. */
const AT_ONCE = 2;

/**
 * Serves the studio for a storage, to browsers of this machine, until it is closed: who asks must have the token. The store
 * is read once, into a catalog of its names, and followed from then on; records are read when they are looked at.
 *
 * @example
 * import { openStudio } from '@gati-framework/storage-studio';
 *
 * const studio = await openStudio(storage);
 * console.log(`Open ${studio.url}`);
 * await studio.close();
 *
 * @throws StorageError Of the storage, when it cannot be opened; `INVALID_OPTIONS` for an option that makes no sense;
 *   `STUDIO_FAILED` when the port is in use.
 */
export async function openStudio(storage: Storage, options: StudioOptions = {}): Promise<Studio> {
  return await serveStudio(storage, options, PAGE_FOLDER);
}

/** @param pageFolder Where the page was built to. */
export async function serveStudio(
  storage: Storage,
  options: StudioOptions,
  pageFolder: string,
): Promise<Studio> {
  const { host, port, onError, catalogBytes, ...decided } = decideOptions(options, RULES);
  assertShowable(storage, 'storage');
  if (decided.compare !== undefined) assertShowable(decided.compare, 'options.compare');
  await Promise.all([storage.open(), decided.compare?.open()]);
  const closing = new AbortController();
  const { signal } = closing;
  const context = contextOf(givingWay(storage), decided, catalogBytes, signal);
  const token = randomBytes(32).toString('base64url');
  const servePage = pageFiles(pageFolder);
  const server = new StudioServer({ context, token, servePage, onError: onError ?? (() => {}), signal });
  const listening = await server.listen(port, host);
  context.live.start();
  const origin = `http://${host === '::1' ? '[::1]' : host}:${listening}`;
  return studioOf(
    `${origin}/#token=${token}`,
    listening,
    () => origin + server.launchPath(),
    async () => {
      closing.abort();
      await Promise.all([server.close(), context.live.close()]);
    },
  );
}

function studioOf(url: string, port: number, launchUrl: () => string, end: () => Promise<void>): Studio {
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= end();
    return closed;
  };
  return { url, port, launchUrl, close, [Symbol.asyncDispose]: close };
}

/** Refuses what cannot be read and followed, and most of all the promise of a storage, as `openStorage` gives one. */
function assertShowable(storage: Storage, path: string): void {
  const { capabilities, then } = Object(storage);
  if (typeof then === 'function') throw invalidOption(path, 'is the promise of a storage: await it');
  const needed = ['entries', 'commit', 'watch', 'lifecycle'];
  const missing = needed.filter((name) => Object(capabilities)[name] !== true);
  if (missing.length > 0) throw invalidOption(path, `must be a storage that can ${missing.join(', ')}`);
}

interface Decided {
  readonly compare: Storage | undefined;
  readonly write: boolean;
  readonly url: string | undefined;
  readonly compareUrl: string | undefined;
}

function contextOf(
  storage: Storage,
  { compare, write, url, compareUrl }: Decided,
  limit: number,
  signal: AbortSignal,
): StudioContext {
  const live = new LiveCatalog(storage, limit);
  const turns = new Turns(AT_ONCE);
  return {
    store: storeOf(storage, url),
    other: compare && storeOf(givingWay(compare), compareUrl),
    write,
    live,
    past: new PastCatalogs(storage, live, limit, signal),
    commits: new CommitRefs(storage),
    comparisons: new Comparisons(turns, signal),
    turns,
  };
}

function storeOf(storage: Storage, url: string | undefined): StudioStore {
  const shown = url === undefined ? undefined : shownUrl(url);
  return { storage, url: shown, label: shown ?? storage.name };
}

interface DecidedStudio extends Decided {
  readonly port: number;
  readonly host: string;
  readonly catalogBytes: number;
  readonly onError: ((error: unknown) => void) | undefined;
}

const aText: OptionRule<string | undefined> = (value, path) => {
  if (value === undefined || typeof value === 'string') return value;
  throw invalidOption(path, 'must be a text');
};

const RULES: OptionRules<DecidedStudio> = {
  compare: optionRules.unchecked(),
  write: optionRules.flag(false),
  port: (value = 0, path) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_PORT) return value;
    throw invalidOption(path, `must be a port, which is an integer from 0 to ${MAX_PORT}`);
  },
  host: (value = '127.0.0.1', path) => {
    if (typeof value === 'string' && HOSTS.has(value)) return value;
    throw invalidOption(
      path,
      'must be 127.0.0.1, ::1 or localhost: a studio is served to this machine only. ' +
        'From another one, reach it through a tunnel: ssh -L 8080:127.0.0.1:PORT',
    );
  },
  url: aText,
  compareUrl: aText,
  catalogBytes: (value = 128 * 1024 * 1024, path) => {
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw invalidOption(path, 'must be a number of bytes');
  },
  onError: optionRules.callback(),
};
