import {
  type Difference,
  fromApiType,
  HandlerComparer,
  type LabelledBody,
  labelledBodies,
  type SeenDocument,
  TypeUniverse,
} from '@gati-framework/api-import';
import {
  type GType,
  type HandlerManifest,
  type Storage,
  StorageError,
  type VersionNode,
} from '@gati-framework/manifest-store';
import { formatGType } from '../format-gtype.js';
import { formatDifferences } from '../format-report.js';
import { plural, printable, type Terminal, wrapWords } from '../terminal.js';
import { readHandlers, type StoredHandler } from './read-handlers.js';
import { withStorage } from './with-storage.js';

export interface ShowCommandOptions {
  readonly store: string;
  /** Version to show. Default: the latest. */
  readonly version?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

export async function showCommand(
  terminal: Terminal,
  handlerId: string,
  options: ShowCommandOptions,
): Promise<void> {
  await withStorage(options.store, { readOnly: true }, terminal.signal, async (storage) => {
    const [handler] = await readHandlers(storage, handlerId);
    if (handler === undefined) throw await unknownHandler(storage, handlerId);
    const manifest = findManifest(handler, options.version);
    const { types, documents } = await loadTypes(storage, handlerId);
    const details = describe(handler, manifest, types, documents);
    terminal.out(
      options.json === true
        ? JSON.stringify(details, null, 2)
        : formatDetails(details, terminal.columns, options.verbose ?? false),
    );
  });
}

/** One version of a handler with what led to it. */
interface HandlerDetails {
  readonly manifest: HandlerManifest;
  /** The version graph, oldest first, with what changed from each version's parent. */
  readonly versions: readonly (VersionNode & {
    readonly differences: readonly Difference[];
    /** The document that the version came from, if that is remembered. */
    readonly document?: SeenDocument;
  })[];
  readonly latestVersion: string;
  /** The types that the manifest names. */
  readonly types: readonly GType[];
  /** Refs of all further types that these reach. */
  readonly furtherTypes: readonly string[];
}

async function unknownHandler(storage: Pick<Storage, 'entries'>, handlerId: string): Promise<StorageError> {
  const ids = (await readHandlers(storage)).map((handler) => handler.handlerId);
  const wanted = handlerId.toLowerCase();
  const similar = ids.filter((id) => id.toLowerCase().includes(wanted)).slice(0, 5);
  const hint = similar.length > 0 ? `Similar ones: ${similar.join(', ')}.` : 'See: gati-storage list';
  return new StorageError('INVALID_OPTIONS', `The store has no handler "${handlerId}". ${hint}`, {
    path: 'handlerId',
  });
}

function findManifest({ handlerId, manifests }: StoredHandler, version: string | undefined): HandlerManifest {
  const found =
    version === undefined
      ? manifests[manifests.length - 1]
      : manifests.find((manifest) => manifest.version === version);
  if (found !== undefined) return found;
  const names = manifests.map((manifest) => manifest.version).join(', ') || 'none';
  throw new StorageError(
    'INVALID_OPTIONS',
    `The store has no manifest of "${handlerId}"${version === undefined ? '' : ` in version ${version}`}. ` +
      `Versions: ${names}.`,
    { path: 'version' },
  );
}

/** The types of a store, and the documents of the API that a handler belongs to. */
async function loadTypes(
  storage: Pick<Storage, 'entries'>,
  handlerId: string,
): Promise<{ types: TypeUniverse; documents: readonly SeenDocument[] }> {
  const types = new Map<string, GType>();
  let documents: readonly SeenDocument[] = [];
  for await (const entry of storage.entries({ kinds: ['gtype'] })) {
    if (entry.kind !== 'gtype') continue;
    const api = fromApiType(entry.value);
    if (api === undefined) types.set(entry.key.ref, entry.value);
    else if (api.handlers.includes(handlerId)) documents = api.documents;
  }
  return { types: new TypeUniverse((ref) => types.get(ref)), documents };
}

function describe(
  handler: StoredHandler,
  manifest: HandlerManifest,
  types: TypeUniverse,
  documents: readonly SeenDocument[],
): HandlerDetails {
  const comparer = new HandlerComparer(types, types);
  const byVersion = new Map(handler.manifests.map((found) => [found.version, found]));
  const versions = (handler.graph?.versions ?? []).map((node) => {
    const before = node.parent === undefined ? undefined : byVersion.get(node.parent);
    const after = byVersion.get(node.version);
    const comparable = before !== undefined && after !== undefined;
    const document = documents.find(({ version }) => version === node.version);
    return {
      ...node,
      differences: comparable ? comparer.compare(before, after) : [],
      ...(document === undefined ? {} : { document }),
    };
  });
  const refs = [...new Set(Object.values(manifest.gtypes))];
  const named = refs.flatMap((ref) => types.get(ref) ?? []);
  const furtherTypes = [...types.reachable(refs)].filter((ref) => !refs.includes(ref)).sort();
  const latestVersion =
    handler.graph?.latestVersion ?? (handler.manifests[handler.manifests.length - 1]?.version as string);
  return { manifest, versions, latestVersion, types: named, furtherTypes };
}

function formatDetails(details: HandlerDetails, width: number, verbose: boolean): string {
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
    printable(`stored ${formatTime(manifest.createdAt)}, hash ${manifest.hash}`),
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

function formatFurther(refs: readonly string[], width: number, verbose: boolean): string[] {
  if (refs.length === 0) return [];
  const shown = verbose ? refs : refs.slice(0, 12);
  const words = shown.map((ref, i) => printable(ref) + (i < shown.length - 1 ? ',' : ''));
  if (shown.length < refs.length) words.push(`and ${refs.length - shown.length} more (--verbose)`);
  return ['', `Reaches ${plural(refs.length, 'further type')}`, wrapWords(words, width, 2)];
}

function formatTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString();
}
