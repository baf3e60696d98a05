import type { StorageStats } from '@gati-framework/manifest-store';
import { breakingVersions, type StoredHandler } from '@gati-framework/storage-tools';
import { type ListedHandler, shownManifest } from '../listed-handler.js';
import { formatTable } from './format-table.js';
import { plural } from './words.js';

/** Handlers with their versions as a table, or what to do where there are none. */
export function formatListed(
  listed: readonly ListedHandler[],
  all: number,
  width: number | undefined,
): string {
  if (all === 0) return 'No handlers yet. Add some with: gati-storage import <file>';
  if (listed.length === 0) return `None of ${plural(all, 'handler')} has such a version.`;
  const rows = listed.map((one) => {
    const manifest = shownManifest(one);
    const method = [manifest?.method ?? '-'].flat().join(',');
    return [one.handler.handlerId, method, manifest?.path ?? '-', formatVersions(one)];
  });
  const table = formatTable(['HANDLER', 'METHOD', 'PATH', 'VERSIONS'], rows, { width });
  return listed.length === all ? table : `${table}\n\n${listed.length} of ${plural(all, 'handler')}`;
}

/** How many versions of a handler are named. */
const SHOWN_VERSIONS = 3;

/** The newest versions, the latest one last, breaking ones marked. */
function formatVersions({ handler, versions }: ListedHandler): string {
  const breaking = breakingVersions(handler);
  const shown = versions.slice(-SHOWN_VERSIONS).map((name) => (breaking.has(name) ? `${name}!` : name));
  const hidden = versions.length - shown.length;
  return `${hidden > 0 ? `(${hidden} older) ` : ''}${shown.join(' ')}`;
}

/** What the store as a whole holds. */
export function formatCounts(
  handlers: readonly StoredHandler[],
  counts: StorageStats,
  revision: number,
): string {
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
