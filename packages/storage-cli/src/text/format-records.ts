import type { GType, HookManifest, TimescapeMetadata, Transformer } from '@gati-framework/manifest-store';
import type { VersionSummary } from '../version-summary.js';
import { formatGType } from './format-gtype.js';
import { formatHash } from './format-hash.js';
import { formatTable } from './format-table.js';
import { formatTime } from './format-time.js';
import { asJsonLine } from './json.js';
import { printable } from './printable.js';

type Width = number | undefined;

/** A type in the manner of TypeScript, under its name. */
export function formatStoredGType(type: GType): string {
  const { ref, description } = type;
  return [
    printable(`GType ${ref}`),
    ...(description === undefined ? [] : [printable(description)]),
    '',
    formatGType(type),
  ].join('\n');
}

export function formatHooks({ handlerId, version, createdAt, hooks }: HookManifest, width: Width): string {
  const rows = hooks.map(({ id, type, level, isAsync, timeout, retries, sourceLocation: place }) => [
    id,
    type,
    level,
    isAsync ? 'async' : 'sync',
    timeout === undefined ? '-' : `${timeout} ms`,
    retries === undefined ? '-' : String(retries),
    place === undefined ? '-' : `${place.file}:${place.line}:${place.column}`,
  ]);
  const head = ['HOOK', 'TYPE', 'LEVEL', 'RUNS', 'TIMEOUT', 'RETRIES', 'SOURCE'];
  return [
    printable(`hooks of ${handlerId}, version ${version}, stored ${formatTime(createdAt)}`),
    '',
    hooks.length === 0 ? 'no hooks' : formatTable(head, rows, { width }),
  ].join('\n');
}

export function formatTransformer(transformer: Transformer, width: Width): string {
  const { id, handlerId, fromVersion, toVersion, direction, createdAt, hash, transformations } = transformer;
  const rows = transformations.map(({ path, type, details }) => [path, type, asJsonLine(details)]);
  return [
    printable(`transformer ${id}`),
    printable(`${handlerId}  ${fromVersion} -> ${toVersion}, ${direction}`),
    printable(`stored ${formatTime(createdAt)}${formatHash(hash)}`),
    '',
    rows.length === 0 ? 'changes nothing' : formatTable(['PATH', 'CHANGE', 'DETAILS'], rows, { width }),
  ].join('\n');
}

/** How versions of a handler are deployed, one after the other. */
export function formatTimescape(records: readonly TimescapeMetadata[]): string {
  return records.map(formatDeployment).join('\n\n');
}

function formatDeployment(record: TimescapeMetadata): string {
  const { handlerId, version, fingerprint, compatibility, deployment, metrics } = record;
  const { strategy, rolloutPercentage, status } = deployment;
  const rollout = rolloutPercentage === undefined ? '' : `, rolled out to ${rolloutPercentage}%`;
  const lists = Object.entries(compatibility).map(([name, versions]: [string, readonly string[]]) =>
    printable(`${name.padEnd(13)} ${versions.join(', ') || '-'}`),
  );
  return [
    printable(`${handlerId}  ${version}`),
    printable(`${status}, ${strategy}${rollout}`),
    printable(`fingerprint ${fingerprint}`),
    ...lists,
    ...(metrics === undefined
      ? []
      : [
          `${metrics.requestCount} requests, ${(metrics.errorRate * 100).toFixed(2)}% errors, ` +
            `${metrics.avgLatency} ms on average, as of ${formatTime(metrics.lastUpdated)}`,
        ]),
  ].join('\n');
}

/** A line for each version: oldest first, as the manifests have it. */
export function formatVersions(versions: readonly VersionSummary[], width: Width): string {
  const rows = versions.map(({ version, stored, parent, marks, status }) => [
    version,
    stored === undefined ? '-' : formatTime(stored),
    parent ?? '-',
    status ?? '-',
    marks.join(', ') || '-',
  ]);
  return formatTable(['VERSION', 'STORED', 'FROM', 'STATUS', 'NOTES'], rows, { width });
}
