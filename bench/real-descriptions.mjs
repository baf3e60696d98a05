// Imports published API descriptions in two versions each, and prints a table of the verdicts as in import.md of api-import.
//
//   node bench/real-descriptions.mjs            the table
//   node bench/real-descriptions.mjs rclone     only the descriptions with that in their names
//   node bench/real-descriptions.mjs --list     every breaking and unknown difference as well, to check by hand
//
// Needs tar and the npm registry: packages are fetched into a temporary folder, and nothing of them is run.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage } from '@gati-framework/manifest-store';

/** Two versions of a package, and a file in it, or one for each of the versions. */
const PAIRS = [
  pair('GitHub REST', '@octokit/openapi', ['19.0.0', '22.0.0'], 'generated/api.github.com.json'),
  pair('GitHub Enterprise Cloud', '@octokit/openapi', ['19.0.0', '22.0.0'], 'generated/ghec.json'),
  pair('Figma', '@figma/rest-api-spec', ['0.36.0', '0.43.0'], 'openapi/openapi.yaml'),
  pair('Blockfrost', '@blockfrost/openapi', ['0.1.60', '0.1.93'], 'openapi.yaml'),
  pair('rclone', 'rclone-openapi', ['1.74.1', '1.75.0'], 'openapi.yaml'),
  pair('Dialogporten', '@digdir/dialogporten-schema', ['1.40.0', '1.118.6'], 'swagger.verified.json'),
  pair('authentik', '@goauthentik/api', ['2025.10.4', '2026.8.3'], 'schema.yml'),
  pair('Directus', '@directus/specs', ['12.0.0', '15.2.0'], 'dist/openapi.json'),
  pair('Decentraland Catalyst', '@dcl/catalyst-api-specs', ['3.1.10', '3.8.0'], 'lib/api.yaml'),
  pair('Scalar Galaxy', '@scalar/galaxy', ['0.6.4', '0.6.12'], 'dist/3.1.yaml'),
  pair(
    'Cactus keychain',
    '@hyperledger/cactus-plugin-keychain-memory',
    ['0.10.0', '1.0.0'],
    'dist/lib/main/json/openapi.json',
  ),
  pair(
    'Mojaloop inbound',
    '@mojaloop/sdk-scheme-adapter',
    ['11.16.2', '18.0.2'],
    ['InboundServer/api.yaml', 'src/InboundServer/api.yaml'],
  ),
  pair(
    'Mojaloop outbound',
    '@mojaloop/sdk-scheme-adapter',
    ['11.16.2', '18.0.2'],
    ['OutboundServer/api.yaml', 'src/OutboundServer/api.yaml'],
  ),
  pair(
    'Mojaloop transfers',
    '@mojaloop/api-snippets',
    ['12.0.9', '18.4.1'],
    'fspiop/v1_1/openapi3/openapi.yaml',
    'fspiop/v1_1/openapi3',
  ),
  pair(
    'GitHub Enterprise Server',
    '@octokit/openapi',
    ['22.0.0', '22.0.0'],
    ['generated/ghes-3.14.json', 'generated/ghes-3.19.json'],
  ),
];

/** `parts` is the folder of a file that refers to others in it. */
function pair(title, name, versions, file, parts) {
  const files = Array.isArray(file) ? file : [file, file];
  return { title, name, versions, files: files.map((path) => ({ path, wanted: parts ?? path })) };
}

const run = promisify(execFile);
const archives = new Map();
const args = process.argv.slice(2);
const wanted = args.find((arg) => !arg.startsWith('--')) ?? '';
const pairs = PAIRS.filter(({ title, name }) =>
  `${title} ${name}`.toLowerCase().includes(wanted.toLowerCase()),
);
const folder = await mkdtemp(join(tmpdir(), 'gati-descriptions-'));
try {
  console.log('| Description | operations | changed | breaking | unknown | gone | why it breaks |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  const total = { operations: 0, changed: 0, breaking: 0, unknown: 0, gone: 0 };
  const lists = [];
  for (const each of pairs) {
    const result = await compare(each);
    for (const name of Object.keys(total)) total[name] += result[name];
    console.log(row(`${each.title} (\`${each.name}\` ${each.versions.join(', ')})`, result, result.reasons));
    lists.push([each.title, result.differences]);
  }
  console.log(row('All', total, ''));
  if (args.includes('--list')) for (const [title, differences] of lists) list(title, differences);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function row(title, { operations, changed, breaking, unknown, gone }, reasons) {
  const cells = [title, operations, changed, breaking, unknown, gone, reasons];
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}

/** A file of a published package, fetched once; nothing of the package is run. */
async function fetchFile(name, version, { path, wanted }) {
  const place = join(folder, `${name}-${version}`);
  const archive = await (archives.get(place) ?? fetchArchive(name, version, place));
  await run('tar', ['xzf', archive, '-C', place, `package/${wanted}`], { cwd: place });
  return join(place, 'package', path);
}

function fetchArchive(name, version, place) {
  const archive = (async () => {
    await mkdir(place, { recursive: true });
    const { stdout } = await run('npm', ['pack', `${name}@${version}`, '--silent'], { cwd: place });
    return join(place, stdout.trim());
  })();
  archives.set(place, archive);
  return archive;
}

async function compare({ name, versions, files }) {
  const storage = createInMemoryStorage({ historyLimit: 1 });
  const reports = [];
  for (const [i, version] of versions.entries()) {
    const source = { file: await fetchFile(name, version, files[i]) };
    reports.push(await importDocument(storage, source, { versionName: `${i + 1}`, api: 'pair' }));
  }
  const [, after] = reports;
  const compared = [...after.changed, ...after.renamed];
  const of = (verdict) => compared.filter((handler) => handler.verdict === verdict);
  const differences = compared.flatMap(({ handlerId, differences: found }) =>
    found
      .filter(({ verdict }) => verdict !== 'compatible')
      .map((difference) => ({ handlerId, ...difference })),
  );
  return {
    operations: after.operations,
    changed: compared.length,
    breaking: of('breaking').length,
    unknown: of('unknown').length,
    gone: after.removed.length,
    reasons: reasonsOf(differences.filter(({ verdict }) => verdict === 'breaking')),
    differences,
  };
}

/** Each reason once, however many handlers have it: what kind it is of, without the names. */
function reasonsOf(differences) {
  const seen = new Set();
  const counts = new Map();
  for (const { where, what } of differences) {
    if (seen.has(`${where} ${what}`)) continue;
    seen.add(`${where} ${what}`);
    const kind = `${where.split(' ')[0]}: ${kindOf(what)}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([kind, count]) => `${count} ${kind}`)
    .join('; ');
}

function kindOf(what) {
  return what
    .replace(/(may (now|no longer) be) (?:".*|-?\d.*|true|false|null)$/, '$1 a value')
    .replace(/(may (now|no longer) be) (?!a value)\S.*$/, '$1 a type')
    .replace(/"[^"]*"|`[^`]*`/g, '…')
    .replace(/-?\d+(\.\d+)?/g, 'n');
}

function list(title, differences) {
  console.log(`\n${title}`);
  const handlers = new Map();
  for (const { handlerId, where, what, verdict } of differences) {
    const text = `${verdict === 'breaking' ? '!' : '?'} ${where} ${what}`;
    handlers.set(text, [...(handlers.get(text) ?? []), handlerId]);
  }
  for (const [text, ids] of handlers) {
    const more = ids.length > 2 ? `, and ${ids.length - 2} more` : '';
    console.log(`  ${text}  (${ids.slice(0, 2).join(', ')}${more})`);
  }
}
