import type { Bundle, BundleFormat, DeploymentReport } from '@gati-framework/storage-tools/deploy';
import type { DifferenceOptions } from './format-record-difference.js';
import { formatRecordDifference } from './format-record-difference.js';
import { formatDifferences } from './format-report.js';
import { printable } from './printable.js';
import { plural } from './words.js';

const FORMATS: Readonly<Record<BundleFormat, string>> = {
  deployment: 'records of a deployment',
  archive: 'archive',
  'gati-bundle': 'manifest bundle of a Gati application',
  'gati-app': 'manifests of a Gati application',
};

/** How many differences of a handler a terminal shows; elsewhere nothing is cut. */
const SHOWN = 8;

export interface DeploymentOptions extends DifferenceOptions {
  readonly verbose: boolean;
}

interface Told extends DeploymentReport {
  readonly dryRun: boolean;
}

/** What a deployment changed, or would change. */
export function formatDeployment(bundle: Bundle, told: Told, options: DeploymentOptions): string {
  const { differences, unchanged } = told;
  const lines = differences.map((difference) => formatRecordDifference(difference, options));
  const added = differences.filter(({ change }) => change === 'added').length;
  return [
    `${outcome(told, bundle)} (${FORMATS[bundle.format]})`,
    ...lines,
    ...callers(told, options.verbose || options.width === undefined ? Number.POSITIVE_INFINITY : SHOWN),
    ...outdated(told),
    ...omitted(bundle),
    `${plural(added, 'record')} added, ${differences.length - added} changed, ${unchanged} left alone`,
  ].join('\n');
}

function outcome({ dryRun, revision, differences }: Told, { file }: Bundle): string {
  const what = printable(file);
  if (differences.length === 0) return `Nothing to change: the store holds ${what} already`;
  return dryRun ? `Would deploy ${what}` : `Deployed ${what} as revision ${revision}`;
}

function callers({ report }: Told, shown: number): string[] {
  const changed = report?.changed ?? [];
  if (changed.length === 0) return [];
  return [
    'For callers (! breaks those of the version before, ? cannot be told)',
    ...changed.flatMap(({ handlerId, parent, version, differences }) => [
      printable(`  ${handlerId}   ${parent} -> ${version}`),
      ...formatDifferences(differences, shown, 4),
    ]),
  ];
}

function outdated({ report }: Told): string[] {
  return (report?.outdated ?? []).map(({ handlerId, version, latest }) =>
    printable(
      `${handlerId}: ${version} is stored already, and is older than ${latest}, which stays the latest`,
    ),
  );
}

/** What is not stored, and not what only describes. */
function omitted({ omitted: found }: Bundle): string[] {
  const left = found.filter(({ effect }) => effect === 'omission');
  if (left.length === 0) return [];
  return [
    `Not stored, as no record has a place for it: ${left.map(({ keyword, count }) => printable(`${keyword} (${count})`)).join(', ')}`,
  ];
}
