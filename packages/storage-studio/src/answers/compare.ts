import type { Revision } from '@gati-framework/manifest-store';
import * as v from 'valibot';
import {
  type Compared,
  type CompareQuery,
  LIMITS,
  type RecordDifferenceView,
  type StateName,
} from '../api/index.js';
import { commandLine } from '../command-line.js';
import { compareHandlers } from '../states/compare-handlers.js';
import { differencesBetween } from '../states/comparisons.js';
import type { Differing } from '../states/differing.js';
import { type ComparedState, readState, stateArgument } from '../states/state-name.js';
import { catalogAt, type StudioContext } from '../studio-context.js';
import { recordDifferenceView } from '../views/findings-view.js';
import type { Endpoint } from './endpoint.js';
import { flag, limit, text } from './input.js';
import { invalidInput } from './invalid-input.js';

export const stateName: v.GenericSchema<unknown, StateName> = v.pipe(
  v.string(),
  v.regex(/^(this|other)(@\d{1,15})?$/, 'must be this, other, this@41 or other@41'),
) as never;

const input: Endpoint<'compareFindings'>['input'] = v.strictObject({
  before: stateName,
  after: v.exactOptional(stateName),
  strictErrors: v.exactOptional(flag),
  cursor: v.exactOptional(text),
  limit: v.exactOptional(limit),
});

export const compareFindings: Endpoint<'compareFindings'> = {
  from: 'query',
  input,
  async answer(context, query, { signal }) {
    const { before, after, differing, skip } = await compare(context, query);
    const handlerIds = await handlerIdsOf(context, before, after, differing, signal);
    const shown = handlerIds.slice(skip, skip + (query.limit ?? LIMITS.page));
    const options = { strictErrors: query.strictErrors === true };
    const items = await context.turns.take(signal, () =>
      compareHandlers(before.storage, after.storage, shown, options),
    );
    const end = skip + shown.length;
    return {
      ...comparedOf(before, after, differing, query),
      items,
      total: handlerIds.length,
      ...(end < handlerIds.length && { next: cursorOf(before, after, end) }),
    };
  },
};

export const compareRecords: Endpoint<'compareRecords'> = {
  from: 'query',
  input,
  async answer(context, query, { signal }) {
    const { before, after, differing, skip } = await compare(context, query);
    const wanted = query.limit ?? LIMITS.page;
    const items = await context.turns.take(signal, () => partOf(before, after, skip, wanted, signal));
    const end = skip + items.length;
    return {
      ...comparedOf(before, after, differing, query),
      items,
      total: differing.total,
      ...(end < differing.total && items.length > 0 && { next: cursorOf(before, after, end) }),
    };
  },
};

interface Comparison {
  readonly before: ComparedState;
  readonly after: ComparedState;
  readonly differing: Differing;
  readonly skip: number;
}

/** A part that follows is of the same revisions as the first, whatever was committed since. */
async function compare(
  context: StudioContext,
  { before, after = 'this', cursor }: CompareQuery,
): Promise<Comparison> {
  const from = readCursor(cursor);
  const older = await readState(context, before, from?.before);
  const newer = await readState(context, after, from?.after);
  const differing = await context.comparisons.of(older, newer);
  return { before: older, after: newer, differing, skip: from?.skip ?? 0 };
}

interface Cursor {
  readonly before: Revision;
  readonly after: Revision;
  readonly skip: number;
}

function readCursor(cursor: string | undefined): Cursor | undefined {
  if (cursor === undefined) return undefined;
  const [, before, after, skip] = /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? [];
  if (skip === undefined) throw invalidInput('cursor', 'is none that an answer gave');
  return { before: Number(before), after: Number(after), skip: Number(skip) };
}

function cursorOf(before: ComparedState, after: ComparedState, skip: number): string {
  return `${before.info.revision}.${after.info.revision}.${skip}`;
}

async function handlerIdsOf(
  context: StudioContext,
  before: ComparedState,
  after: ComparedState,
  differing: Differing,
  signal: AbortSignal,
): Promise<string[]> {
  if (!differing.isTypeChanged) return differing.handlerIds(undefined);
  const known = [after, before].find(({ info }) => info.of === 'this');
  if (known !== undefined) return differing.handlerIds(await catalogAt(context, known.info.revision, signal));
  // Of two states of the other store there is no catalog: every handler may reach such a type.
  const ids = new Set<string>(differing.handlerIds(undefined));
  for await (const { kind, key } of before.storage.entries({ kinds: ['manifest'] }))
    if (kind === 'manifest') ids.add(key.handlerId);
  return [...ids].sort();
}

async function partOf(
  before: ComparedState,
  after: ComparedState,
  skip: number,
  wanted: number,
  signal: AbortSignal,
): Promise<RecordDifferenceView[]> {
  const items: RecordDifferenceView[] = [];
  let passed = 0;
  for await (const difference of differencesBetween(before, after)) {
    signal.throwIfAborted();
    passed += 1;
    if (passed > skip) items.push(recordDifferenceView(difference));
    if (items.length === wanted) break;
  }
  return items;
}

function comparedOf(
  before: ComparedState,
  after: ComparedState,
  { counts }: Differing,
  { strictErrors }: CompareQuery,
): Compared {
  const words = ['diff', stateArgument(before), stateArgument(after)];
  return {
    revision: after.info.revision,
    command: commandLine(before.info.of === 'this' ? before.store : after.store, words, {
      'strict-errors': strictErrors,
    }),
    before: before.info,
    after: after.info,
    counts,
  };
}
