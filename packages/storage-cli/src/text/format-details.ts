import { type LabelledBody, labelledBodies } from '@gati-framework/api-import';
import type { GType, HandlerManifest, VersionNode } from '@gati-framework/manifest-store';
import type { HandlerDetails } from '../handler-details.js';
import { formatGType } from './format-gtype.js';
import { formatHash } from './format-hash.js';
import { formatDifferences } from './format-report.js';
import { formatTime } from './format-time.js';
import { printable } from './printable.js';
import { plural, wrapWords } from './words.js';

/** One version of a handler as text for people. */
export function formatDetails(details: HandlerDetails, width: number | undefined, verbose: boolean): string {
  const { manifest, versions, latestVersion } = details;
  const shown = verbose ? Number.POSITIVE_INFINITY : 8;
  const graph = versions.flatMap((node) => [
    `  ${printable(node.version)}  ${formatTime(node.deployedAt)}${formatOrigin(node)}${node.active ? '' : ', inactive'}`,
    ...formatDifferences(node.differences, shown, 4),
    ...(node.document === undefined ? [] : [`    by ${printable(node.document.source)}`]),
  ]);
  const isLatest = manifest.version === latestVersion;
  return [
    printable(`${manifest.handlerId}  ${[manifest.method].flat().join(',')} ${manifest.path}`),
    printable(`version ${manifest.version}${isLatest ? ' (latest)' : `, latest is ${latestVersion}`}`),
    printable(`stored ${formatTime(manifest.createdAt)}${formatHash(manifest.hash)}`),
    ...formatDuties(manifest),
    '',
    'Versions (! breaks callers of the version before, ? cannot be told)',
    ...(graph.length === 0 ? ['  no version graph'] : graph),
    ...Object.entries(manifest.gtypes).flatMap(([part, ref]) => ['', formatPart(part, ref, details)]),
    ...formatFurther(details.furtherTypes, width, verbose),
  ].join('\n');
}

function formatOrigin({ parent, breaking }: VersionNode): string {
  if (parent === undefined) return '';
  return `, from ${printable(parent)}${breaking ? ', BREAKING' : ''}`;
}

/** Hooks, policies and dependencies, as far as there are any. */
function formatDuties({ hooks, policies, dependencies }: HandlerManifest): string[] {
  const lists: readonly [string, readonly string[] | undefined][] = [
    ['before hooks', hooks.before],
    ['after hooks', hooks.after],
    ['catch hooks', hooks.catch],
    ['roles', policies.roles],
    ['modules', dependencies.modules],
    ['plugins', dependencies.plugins],
  ];
  const lines = lists.flatMap(([name, list]) =>
    list === undefined || list.length === 0 ? [] : [printable(`${name} ${list.join(', ')}`)],
  );
  const limit = policies.rateLimit;
  if (limit !== undefined) lines.push(`rate limit ${limit.limit} requests in ${limit.window} ms`);
  return lines;
}

function formatPart(part: string, ref: string, { types }: HandlerDetails): string {
  const heading = printable(`${part}: ${ref}`);
  const type = types.find((candidate) => candidate.ref === ref);
  if (type === undefined) return `${heading}\n  not in the store`;
  const bodies = labelledBodies(type);
  if (bodies === undefined || bodies.length === 0) return `${heading}\n  ${formatGType(type, 2)}`;
  return [heading, ...bodies.map(formatBody)].join('\n');
}

/** What the label of a body says already. */
const LABELS: ReadonlySet<string> = new Set(['status', 'mediaType']);

function formatBody({ status, mediaType, type, validators }: LabelledBody): string {
  const label = [status, mediaType ?? 'no body'].filter((part) => part !== undefined).join(' ');
  if (mediaType === undefined) return `  ${printable(label)}`;
  const whole: GType = { ref: '', kind: 'intersection', types: [type], validators: [...validators] };
  return `  ${printable(label)}: ${formatGType(whole, 2, LABELS)}`;
}

function formatFurther(refs: readonly string[], width: number | undefined, verbose: boolean): string[] {
  if (refs.length === 0) return [];
  const shown = verbose ? refs : refs.slice(0, 12);
  const words = shown.map((ref, i) => printable(ref) + (i < shown.length - 1 ? ',' : ''));
  if (shown.length < refs.length) words.push(`and ${refs.length - shown.length} more (--verbose)`);
  return ['', `Reaches ${plural(refs.length, 'further type')}`, wrapWords(words, 2, width)];
}
