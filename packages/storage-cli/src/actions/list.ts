import type { Storage, StorageStats } from '@gati-framework/manifest-store';
import {
  breakingVersions,
  readHandlers,
  type StoredHandler,
  versionNames,
} from '@gati-framework/storage-tools';
import type { Terminal } from '../terminal.js';
import { formatTable } from '../text/format-table.js';
import { plural } from '../text/words.js';
import { withStorage } from './with-storage.js';

export interface ListCommandOptions {
  readonly store: string;
  readonly json?: boolean;
}

export async function listCommand(terminal: Terminal, options: ListCommandOptions): Promise<void> {
  await withStorage(options.store, { readOnly: true }, terminal.signal, async (storage) => {
    const handlers = await readHandlers(storage);
    const { revision, ...counts } = await storage.stats();
    terminal.out(
      options.json === true
        ? JSON.stringify({ revision, counts, handlers: handlers.map(summarise) }, null, 2)
        : formatList(handlers, counts, revision, terminal.columns),
    );
  });
}

type Counts = Omit<Awaited<ReturnType<Storage['stats']>>, 'revision'>;

function summarise(handler: StoredHandler): object {
  const breaking = breakingVersions(handler);
  const latest = handler.manifests[handler.manifests.length - 1];
  return {
    handlerId: handler.handlerId,
    ...(latest === undefined ? {} : { method: latest.method, path: latest.path }),
    latest: latest?.version ?? handler.graph?.latestVersion,
    versions: versionNames(handler).map((version) => ({ version, breaking: breaking.has(version) })),
  };
}

function formatList(
  handlers: readonly StoredHandler[],
  counts: Counts,
  revision: number,
  width: number | undefined,
): string {
  const footer = formatCounts(handlers, counts, revision);
  if (handlers.length === 0) return `No handlers yet. Add some with: gati-storage import <file>\n\n${footer}`;
  const rows = handlers.map((handler) => {
    const latest = handler.manifests[handler.manifests.length - 1];
    const method = [latest?.method ?? '-'].flat().join(',');
    return [handler.handlerId, method, latest?.path ?? '-', formatVersions(handler)];
  });
  const table = formatTable(['HANDLER', 'METHOD', 'PATH', 'VERSIONS'], rows, { width });
  return `${table}\n\n${footer}`;
}

/** How many versions of a handler are named. */
const SHOWN_VERSIONS = 3;

/** The newest versions, the latest one last, breaking ones marked. */
function formatVersions(handler: StoredHandler): string {
  const breaking = breakingVersions(handler);
  const names = versionNames(handler);
  const shown = names.slice(-SHOWN_VERSIONS).map((name) => (breaking.has(name) ? `${name}!` : name));
  const hidden = names.length - shown.length;
  return `${hidden > 0 ? `(${hidden} older) ` : ''}${shown.join(' ')}`;
}

function formatCounts(handlers: readonly StoredHandler[], counts: StorageStats, revision: number): string {
  const breaking = handlers.reduce((sum, handler) => sum + breakingVersions(handler).size, 0);
  const others = [
    plural(counts.gtypeCount, 'GType'),
    plural(counts.transformerCount, 'transformer'),
    plural(counts.hookManifestCount, 'hook manifest'),
    plural(counts.timescapeMetadataCount, 'Timescape record'),
  ];
  return [
    `${plural(handlers.length, 'handler')}, ${plural(counts.manifestCount, 'version')}, ` +
      `${breaking} of them breaking (!); revision ${revision}`,
    others.join(', '),
  ].join('\n');
}
