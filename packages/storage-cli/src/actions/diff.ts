import { type ComparedHandler, compareLatest, compareVersions } from '@gati-framework/storage-tools/compare';
import { fieldDifferences, type State, stateDifferences } from '@gati-framework/storage-tools/diff';
import type { Terminal } from '../terminal.js';
import { painter } from '../text/colour.js';
import { DifferencesAsJson, DifferencesAsText, type DifferencesReport } from '../text/differences-report.js';
import { UsageError } from '../usage-error.js';
import { readSide, type Side, withSide } from './diff-side.js';

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
  [before, after]: readonly [string, string],
  { store, json = false, verbose = false, strictErrors = false }: DiffCommandOptions,
): Promise<boolean> {
  const [left, right] = [await readSide(before), await readSide(after)];
  if ((left.is === 'version') !== (right.is === 'version'))
    throw new UsageError(
      'A version can be compared with a version only, and a store or an archive with such.',
    );
  const options = { width: terminal.columns, paint: painter(terminal), verbose };
  const report = json ? new DifferencesAsJson(terminal) : new DifferencesAsText(terminal, options);
  return await withSide(left, terminal, store, (a) =>
    withSide(right, terminal, store, async (b) => {
      if (a.is === 'version' && b.is === 'version') return await diffVersions(a, b, report, strictErrors);
      return await diffStates(a.state, b.state, report, strictErrors);
    }),
  );
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

async function diffStates(
  before: State,
  after: State,
  report: DifferencesReport,
  strictErrors: boolean,
): Promise<boolean> {
  const handlerIds = new Set<string>();
  let differ = false;
  let isTypeChanged = false;
  for await (const difference of stateDifferences(before, after)) {
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
