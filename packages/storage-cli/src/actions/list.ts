import type { Storage } from '@gati-framework/manifest-store';
import { readHandlers, type StoredHandler, versionNames } from '@gati-framework/storage-tools';
import type { VersionFilter } from '@gati-framework/storage-tools/filter';
import type { PastStorage } from '@gati-framework/storage-tools/history';
import { type ListedHandler, summarise } from '../listed-handler.js';
import { ReadingProgress } from '../reading-progress.js';
import type { Terminal } from '../terminal.js';
import { formatCounts, formatListed } from '../text/format-list.js';
import { asUsage } from '../usage-error.js';
import { type StoreToRead, withStorageAt } from './with-storage.js';

export interface ListCommandOptions extends VersionFilter, StoreToRead {
  readonly json?: boolean;
}

export async function listCommand(
  terminal: Terminal,
  { store, at, json, ...filter }: ListCommandOptions,
): Promise<void> {
  using progress = new ReadingProgress(terminal, { quiet: json });
  const read = async (storage: PastStorage): Promise<void> => {
    const all = await readHandlers(storage);
    const isFiltered = Object.keys(filter).length > 0;
    const listed = isFiltered ? await select(all, filter) : all.map(withAllVersions);
    const stats = await storage.stats();
    if (json === true) terminal.out(asJson(listed, stats));
    else
      terminal.out(
        `${formatListed(listed, all.length, terminal.columns)}\n\n${formatCounts(all, stats, stats.revision)}`,
      );
  };
  await withStorageAt({ store, ...(at !== undefined && { at }) }, terminal, read, progress);
}

function withAllVersions(handler: StoredHandler): ListedHandler {
  return { handler, versions: versionNames(handler) };
}

async function select(
  handlers: readonly StoredHandler[],
  filter: VersionFilter,
): Promise<readonly ListedHandler[]> {
  const { matchVersions } = await import('@gati-framework/storage-tools/filter');
  const found = await asUsage(() => matchVersions(handlers, filter));
  return Array.from(found, ([handler, versions]) => ({ handler, versions }));
}

function asJson(
  listed: readonly ListedHandler[],
  { revision, oldestRevision: _, ...counts }: Awaited<ReturnType<Storage['stats']>>,
): string {
  return JSON.stringify({ revision, counts, handlers: listed.map(summarise) }, null, 2);
}
