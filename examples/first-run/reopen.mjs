// Opens the file in a process of its own, only to read it, and shows what it holds.
//
// Usage: node reopen.mjs <URL of the store>
import { openStorage } from '@gati-framework/storage-tools';
import { printTable } from './print-table.mjs';

const start = performance.now();
const storage = await openStorage(process.argv[2], { readOnly: true });
const { revision, ...counts } = await storage.stats();
const opened = performance.now() - start;

const rows = [];
for await (const { value: graph } of storage.entries({ kinds: ['versionGraph'] })) {
  const manifest = await storage.getManifest(graph.handlerId);
  const versions = graph.versions.map((node) =>
    node.breaking ? `${node.version} (breaking)` : node.version,
  );
  rows.push([graph.handlerId, manifest.method, manifest.path, versions.join(', ')]);
}
const read = performance.now() - start - opened;
await storage.close();

console.log(`\nThe file, opened again by process ${process.pid}:\n`);
const shown = rows.toSorted((a, b) => b[3].length - a[3].length).slice(0, 12);
printTable(['handler', 'method', 'path', 'versions'], shown);
console.log(`... and ${rows.length - shown.length} more.\n`);
printTable(
  ['manifests', 'types', 'version graphs', 'revision', 'opened in', 'all handlers read in'],
  [
    [
      counts.manifestCount,
      counts.gtypeCount,
      counts.versionGraphCount,
      revision,
      `${opened.toFixed(0)} ms`,
      `${read.toFixed(0)} ms`,
    ],
  ],
);
