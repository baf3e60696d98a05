import type {
  ChangedHandler,
  Difference,
  ImportReport,
  Inexpressible,
  InexpressibleEffect,
  Verdict,
  Weighed,
} from '@gati-framework/api-import';
import { formatTable } from './format-table.js';
import { printable } from './printable.js';
import { plural, wrapWords } from './words.js';

export interface FormatOptions {
  /** Columns of the terminal. Default: no table is cut, and lists are wrapped at 100. */
  readonly width?: number | undefined;
  /** Show every difference and every keyword. */
  readonly verbose?: boolean;
}

type Width = FormatOptions['width'];

/** How many differences of a handler are shown unless all are wanted. */
const SHOWN_DIFFERENCES = 8;

/** An import report as text for people. */
export function formatReport(report: ImportReport, options: FormatOptions = {}): string {
  const { width, verbose = false } = options;
  return [
    formatSummary(report),
    formatAdded(report, width),
    formatChanged(report, width, verbose),
    formatInserted(report, verbose),
    formatOutdated(report),
    formatRemoved(report, width),
    formatRenamed(report, verbose),
    formatOthers(report, width),
    formatInexpressible(report.inexpressible, width, verbose),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function formatSummary(report: ImportReport): string {
  const { source } = report;
  const what = printable([source.title, source.version].filter(Boolean).join(' ') || source.name);
  const breaking = report.changed.filter((handler) => handler.breaking).length;
  const unknown = report.changed.filter(({ verdict }) => verdict === 'unknown').length;
  const verdicts = `${breaking} breaking${unknown === 0 ? '' : `, ${unknown} unknown`}`;
  const { added, changed, unchanged, redescribed } = report.types;
  const total = added.length + changed.length + unchanged;
  return [
    outcome(report, what),
    `  from ${printable(source.name)} (${printable(source.specification)})`,
    '',
    `  ${plural(report.operations, 'operation')}: ${report.added.length} new, ` +
      `${report.changed.length} changed (${verdicts}), ` +
      (report.inserted.length === 0 ? '' : `${report.inserted.length} inserted, `) +
      `${report.unchanged.length + report.outdated.length} left alone`,
    `  ${plural(total, 'GType')} (${plural(report.schemas, 'schema')}, and the types of the operations): ` +
      `${added.length} new, ${changed.length} changed, ${unchanged} left alone`,
    ...(redescribed.length === 0
      ? []
      : [`  ${plural(redescribed.length, 'GType')} left alone of which only descriptions changed`]),
    ...formatTimescape(report),
  ].join('\n');
}

/** What the runtime knew of versions, where the document says something of that. */
function formatTimescape({ timescape }: ImportReport): string[] {
  if (timescape === undefined) return [];
  const { versions, tags, notes } = timescape;
  const added = `${plural(versions, 'version')}, ${plural(tags, 'tag')}, ${plural(notes, 'note')}`;
  return [`  Timescape: ${added} new`];
}

function outcome(report: ImportReport, what: string): string {
  const { versions = 0, tags = 0, notes = 0 } = report.timescape ?? {};
  if (
    versions +
      tags +
      notes +
      report.added.length +
      report.changed.length +
      report.inserted.length +
      report.types.added.length +
      report.types.changed.length ===
    0
  )
    return `Nothing to change: the store holds ${what} already`;
  return report.dryRun ? `Would import ${what}` : `Imported ${what} as revision ${report.revision}`;
}

function formatAdded({ added }: ImportReport, width: Width): string {
  if (added.length === 0) return '';
  const rows = added.map(({ handlerId, version, method, path }) => [handlerId, version, method, path]);
  return `New handlers\n${formatTable([], rows, { width, indent: 2 })}`;
}

/** Handlers that changed in the same way are shown together. */
function formatChanged({ changed }: ImportReport, width: Width, verbose: boolean): string {
  if (changed.length === 0) return '';
  const groups = new Map<string, ChangedHandler[]>();
  for (const handler of [...changed].sort((a, b) => RANK[a.verdict] - RANK[b.verdict])) {
    const key = JSON.stringify([handler.parent, handler.version, handler.differences]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [handler]);
    else group.push(handler);
  }
  const sections = Array.from(groups.values(), (group) => formatGroup(group, width, verbose));
  const unknown = changed.some(({ differences }) => differences.some(({ verdict }) => verdict === 'unknown'));
  const heading = `Changed handlers (! breaks callers of the version before${unknown ? '; ? cannot be told' : ''})`;
  return [heading, ...sections].join('\n');
}

const RANK: Readonly<Record<Verdict, number>> = { breaking: 0, unknown: 1, compatible: 2 };
const MARK: Readonly<Record<Verdict, string>> = { breaking: '!', unknown: '?', compatible: ' ' };
const LABEL: Readonly<Record<Verdict, readonly string[]>> = {
  breaking: ['BREAKING'],
  unknown: ['UNKNOWN'],
  compatible: [],
};

function formatGroup(group: readonly ChangedHandler[], width: Width, verbose: boolean): string {
  const [first] = group as readonly [ChangedHandler];
  const names = group.map(({ handlerId }, i) => printable(handlerId) + (i < group.length - 1 ? ',' : ''));
  const versions = printable(`${first.parent} -> ${first.version}`);
  return [
    wrapWords([...names, ' ', versions, ...LABEL[first.verdict]], 2, width),
    ...formatDifferences(first.differences, verbose ? Number.POSITIVE_INFINITY : SHOWN_DIFFERENCES, 4),
  ].join('\n');
}

/** One line for each difference, `!` in front of breaking ones, `?` where that cannot be told, and how many are not shown. */
export function formatDifferences(
  differences: readonly Difference[],
  shown: number,
  indent: number,
): string[] {
  const margin = ' '.repeat(indent);
  const lines = differences
    .slice(0, shown)
    .map(({ where, what, verdict }) => `${margin}${MARK[verdict]} ${printable(where)} ${printable(what)}`);
  if (differences.length > shown) lines.push(`${margin}  and ${differences.length - shown} more (--verbose)`);
  return lines;
}

/** Each version with what it changed, and what the version behind it changes now. */
function formatInserted({ inserted }: ImportReport, verbose: boolean): string {
  if (inserted.length === 0) return '';
  const shown = verbose ? Number.POSITIVE_INFINITY : SHOWN_DIFFERENCES;
  const step = (names: string, { verdict, differences }: Weighed): string[] => [
    printable(`  ${[names, ...LABEL[verdict]].join(' ')}`),
    ...formatDifferences(differences, shown, 4),
  ];
  const sections = inserted.flatMap(({ handlerId, version, parent, next, ...weighed }) => [
    ...(parent === undefined
      ? [printable(`  ${handlerId}   ${version}`)]
      : step(`${handlerId}   ${parent} -> ${version}`, weighed)),
    ...step(`${handlerId}   ${version} -> ${next.version}`, next),
  ]);
  return ['Inserted before versions that are stored; the latest stays', ...sections].join('\n');
}

function formatOutdated({ outdated }: ImportReport): string {
  const [first] = outdated;
  if (first === undefined) return '';
  const lines = outdated.map(({ handlerId, version, latest }) =>
    printable(`  ${handlerId}: ${version} is stored already; the latest stays ${latest}`),
  );
  return ['Older than what the store holds', ...lines].join('\n');
}

function formatRemoved({ removed }: ImportReport, width: Width): string {
  if (removed.length === 0) return '';
  return `Gone since the document before: ! breaks callers; left alone in the store\n${formatNames(removed, width)}`;
}

function formatRenamed({ renamed }: ImportReport, verbose: boolean): string {
  if (renamed.length === 0) return '';
  const shown = verbose ? Number.POSITIVE_INFINITY : SHOWN_DIFFERENCES;
  const sections = renamed.map(({ handlerId, was, verdict, differences }) =>
    [
      `  ${printable(`${was} -> ${handlerId}`)} ${LABEL[verdict].join('')}`.trimEnd(),
      ...formatDifferences(differences, shown, 4),
    ].join('\n'),
  );
  return ['The same method and path under another id', ...sections].join('\n');
}

function formatOthers({ otherHandlers, removed, renamed }: ImportReport, width: Width): string {
  const gone = new Set([...removed, ...renamed.map(({ was }) => was)]);
  const others = otherHandlers.filter((handlerId) => !gone.has(handlerId));
  if (others.length === 0) return '';
  return `In the store but not in this document, and left alone\n${formatNames(others, width)}`;
}

function formatNames(names: readonly string[], width: Width): string {
  const shown = names.slice(0, 20).map(printable);
  const more = names.length > 20 ? [`and ${names.length - 20} more`] : [];
  const list = [...shown, ...more].map((name, i, all) => (i < all.length - 1 ? `${name},` : name));
  return wrapWords(list, 2, width);
}

const HEADINGS: Readonly<Record<InexpressibleEffect, string>> = {
  assertion: 'kept in custom validators or as written; Gati does not check them',
  omission: 'not stored',
  interpreted: 'read as surely meant',
  annotation: 'describe, restrict nothing, not stored',
};

function formatInexpressible(found: readonly Inexpressible[], width: Width, verbose: boolean): string {
  if (found.length === 0) return '';
  const sections = (Object.keys(HEADINGS) as InexpressibleEffect[]).flatMap((effect) => {
    const list = found.filter((item) => item.effect === effect);
    if (list.length === 0) return [];
    const counts = list.map(({ keyword, count }) => printable(`${keyword} ${count}`));
    const rows = list.map(({ keyword, count, first }) => [keyword, String(count), `first at ${first}`]);
    const brief = effect === 'annotation' && !verbose;
    const body = brief
      ? wrapWords(
          counts.map((text, i) => (i < counts.length - 1 ? `${text},` : text)),
          4,
          width,
        )
      : formatTable([], rows, { width, indent: 4 });
    return [`  ${HEADINGS[effect]}\n${body}`];
  });
  return ['What a manifest or GType cannot express, with the number of places', ...sections].join('\n');
}
