import { type ComparedHandler, compareLatest, compareVersions } from '@gati-framework/storage-tools/compare';
import {
  fieldDifferences,
  type RecordDifference,
  type RevisionRange,
  revisionDifferences,
  type State,
  stateDifferences,
} from '@gati-framework/storage-tools/diff';
import { storageAt } from '@gati-framework/storage-tools/history';
import { ReadingProgress } from '../reading-progress.js';
import type { Terminal } from '../terminal.js';
import { painter } from '../text/colour.js';
import { DifferencesAsJson, DifferencesAsText, type DifferencesReport } from '../text/differences-report.js';
import { UsageError } from '../usage-error.js';
import { readSide, type Side, type SideText, type Surroundings, withSide } from './diff-side.js';
import { withStorage } from './with-storage.js';

export interface DiffCommandOptions {
  readonly store: string;
  readonly strictErrors?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

type Version = Extract<Side, { is: 'version' }>;

/** Prints what differs, and tells whether anything does. */
export async function diffCommand(
  terminal: Terminal,
  [before, after]: readonly [string, string | undefined],
  { store, json = false, verbose = false, strictErrors = false }: DiffCommandOptions,
): Promise<boolean> {
  const left = await readSide(before, store);
  const right = after === undefined ? presentOf(left) : await readSide(after, store);
  if ((left.is === 'version') !== (right.is === 'version'))
    throw new UsageError(
      'A version can be compared with a version only, and a store or an archive with such.',
    );
  const options = { width: terminal.columns, paint: painter(terminal), verbose };
  using progress = new ReadingProgress(terminal, { quiet: json });
  const text = json ? new DifferencesAsJson(terminal) : new DifferencesAsText(terminal, options);
  const report = besideProgress(text, progress);
  const range = rangeOf(left, right);
  const surroundings = { terminal, store, progress };
  if (range !== undefined) return await diffRevisions(surroundings, range, report, strictErrors);
  return await withSide(left, surroundings, (a) =>
    withSide(right, surroundings, async (b) => {
      if (a.is === 'version' && b.is === 'version') return await diffVersions(a, b, report, strictErrors);
      const differences = stateDifferences(a.state, b.state);
      return await diffStates({ before: a.state, after: b.state, differences }, report, strictErrors);
    }),
  );
}

/** Both may go to one terminal. */
function besideProgress(report: DifferencesReport, progress: ReadingProgress): DifferencesReport {
  return {
    record: (difference) => {
      progress.clear();
      return report.record(difference);
    },
    end: (callers) => {
      progress.clear();
      return report.end(callers);
    },
  };
}

async function diffVersions(
  before: Version,
  after: Version,
  report: DifferencesReport,
  strictErrors: boolean,
): Promise<boolean> {
  const fields = fieldDifferences(before.manifest, after.manifest);
  const compared = await compareVersions(before, after, { strictErrors });
  const { handlerId, version } = before.manifest;
  if (fields.length > 0)
    await report.record({ change: 'changed', kind: 'manifest', key: [handlerId, version], fields });
  const isOther = compared.differences.length > 0;
  await report.end(
    isOther
      ? [{ handlerId: after.manifest.handlerId, before: version, after: after.manifest.version, ...compared }]
      : [],
  );
  return fields.length > 0 || isOther;
}

/** What a revision is compared with when nothing else is named. */
function presentOf(side: SideText): SideText {
  if (side.is === 'store' && side.at !== undefined) return { is: 'store', url: side.url };
  throw new UsageError(
    "missing required argument 'after'. Only a revision is compared with the present by itself.",
    {
      path: 'after',
    },
  );
}

interface RevisionsOfStore extends Partial<RevisionRange> {
  readonly url: string;
}

/** Two sides that are one store, of which one is in the past: their records come in one order. */
function rangeOf(left: SideText, right: SideText): RevisionsOfStore | undefined {
  if (left.is !== 'store' || right.is !== 'store' || left.url !== right.url) return undefined;
  if (left.at === undefined && right.at === undefined) return undefined;
  const { url, at: before } = left;
  return { url, ...(before !== undefined && { before }), after: right.at };
}

async function diffRevisions(
  { terminal, progress }: Surroundings,
  { url, ...range }: RevisionsOfStore,
  report: DifferencesReport,
  strictErrors: boolean,
): Promise<boolean> {
  return await withStorage(url, { readOnly: true }, terminal, async (opened) => {
    const storage = progress.of(opened);
    const { revision: now } = await storage.stats();
    const { before = now, after = now } = range;
    const states = { before: storageAt(storage, before), after: storageAt(storage, after) };
    const differences = revisionDifferences(storage, { before, after });
    return await diffStates({ ...states, differences }, report, strictErrors);
  });
}

interface ComparedStates {
  readonly before: State;
  readonly after: State;
  readonly differences: AsyncIterable<RecordDifference>;
}

async function diffStates(
  { before, after, differences }: ComparedStates,
  report: DifferencesReport,
  strictErrors: boolean,
): Promise<boolean> {
  const handlerIds = new Set<string>();
  let differ = false;
  let isTypeChanged = false;
  for await (const difference of differences) {
    await report.record(difference);
    differ = true;
    const { kind, key, change } = difference;
    if (kind === 'manifest') handlerIds.add(key[0]);
    // Whoever reaches a type can notice that it is another one, or gone.
    if (kind === 'gtype' && change !== 'added') isTypeChanged = true;
  }
  let compared: readonly ComparedHandler[] = [];
  if (handlerIds.size > 0 || isTypeChanged) {
    const only = isTypeChanged ? {} : { handlerIds };
    compared = await compareLatest(before, after, { ...only, strictErrors });
  }
  await report.end(compared);
  return differ;
}
