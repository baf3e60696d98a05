// Imports two published versions of Figma's API description into one file and
// says what each import did.
//
// Usage: node import.mjs <URL of the store>
import { createRequire } from 'node:module';
import { importDocument } from '@gati-framework/api-import';
import { openStorage } from '@gati-framework/storage-tools';
import { printTable } from './print-table.mjs';

const require = createRequire(import.meta.url);
const storage = await openStorage(process.argv[2]);
const rows = [];
let latest;
for (const published of ['figma-api-old', 'figma-api-new']) {
  const start = performance.now();
  latest = await importDocument(storage, { file: require.resolve(`${published}/openapi/openapi.yaml`) });
  const breaking = latest.changed.filter((handler) => handler.breaking);
  rows.push([
    `${latest.source.title} ${latest.source.version}`,
    latest.operations,
    latest.added.length,
    `${latest.changed.length} (${breaking.length} breaking)`,
    latest.unchanged.length,
    latest.types.added.length + latest.types.changed.length,
    latest.revision,
    `${((performance.now() - start) / 1000).toFixed(1)} s`,
  ]);
}
await storage.close();

console.log('\nTwo published versions of a real API description, each imported as one atomic commit:\n');
printTable(['document', 'handlers', 'new', 'changed', 'unchanged', 'types stored', 'revision', 'time'], rows);

console.log('\nWhat changed between them:\n');
// Handlers that changed in the same way share a line.
const changes = new Map();
for (const { handlerId, breaking, differences } of latest.changed) {
  const summary = summarize(differences);
  const line = changes.get(summary) ?? { breaking, summary, handlers: [] };
  line.handlers.push(handlerId);
  changes.set(summary, line);
}
printTable(
  ['handlers', '', 'what changed'],
  [...changes.values()]
    .toSorted((a, b) => b.breaking - a.breaking)
    .map(({ handlers: [first, ...others], breaking, summary }) => [
      others.length === 0 ? first : `${first} and ${others.length} more`,
      breaking ? 'breaking' : '',
      summary,
    ]),
);

/** The first difference, breaking ones before others, and how many there are. */
function summarize(differences) {
  const [first, ...others] = differences.toSorted((a, b) => b.breaking - a.breaking);
  const text = `${first.where} ${first.what}`;
  return others.length === 0 ? text : `${text}, and ${others.length} more`;
}
