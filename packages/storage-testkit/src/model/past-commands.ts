import type { Entry, EntryFilter, LogEntry, LogOptions } from '@gati-framework/manifest-store';
import fc, { type Arbitrary } from 'fast-check';
import { type RecordProbe, recordKeyOf } from '../record-probe.js';
import { changesArbitrary, goodNameArbitrary, keyArbitrary } from './arbitraries.js';
import { ModelCommand } from './command.js';
import type { ModelStorage } from './model-storage.js';
import { normalEntries, normalEntry, normalLog } from './normal-forms.js';

const NOTES = [undefined, 'a', 'deploy 7, by hand', '\u00e4\u{1f600}', 'x'.repeat(1_024)];
const BAD_NOTES = ['', 'a\0', '\ud800', 'x'.repeat(1_025)];

/** A place in the history as a part of it; beyond 1, a revision that does not exist. */
const portionArbitrary = fc.integer({ min: 0, max: 11 }).map((tenths) => tenths / 10);

function revisionAt(model: ModelStorage, portion: number): number {
  return portion > 1 ? model.revision + 1 : Math.floor(model.revision * portion);
}

function commitWithTerms(kinds: readonly RecordProbe[]): Arbitrary<ModelCommand> {
  const note = fc.constantFrom(...NOTES, ...NOTES, ...NOTES, ...BAD_NOTES);
  const late = fc.constantFrom(undefined, 0, 0, 1);
  return fc.tuple(changesArbitrary(kinds), note, late).map(([changes, given, by]) => {
    return new ModelCommand('commit', [changes, { note: given, expectRevision: { late: by } }], (model) => {
      const options = {
        ...(given !== undefined && { note: given }),
        ...(by !== undefined && { expectRevision: Math.max(0, model.revision - by) }),
      };
      return {
        predict: () => model.commit(changes, options),
        perform: ({ storage }) => storage.commit(changes, options),
      };
    });
  });
}

function getAt(probe: RecordProbe): Arbitrary<ModelCommand> {
  return fc.tuple(keyArbitrary(probe), portionArbitrary).map(([key, portion]) => {
    return new ModelCommand('get', [key, { atPortion: portion }], (model) => {
      const at = revisionAt(model, portion);
      const recordKey = recordKeyOf(probe, key);
      return {
        predict: () => normalFound(model.get(recordKey, { at })),
        perform: async ({ storage }) => normalFound(await storage.get(recordKey, { at })),
      };
    });
  });
}

function normalFound(entry: unknown): unknown {
  return entry && normalEntry(entry);
}

/** Reads all that a filter selects as it was after a part of the history. */
export function pastEntriesCommand(portion: number, filter: EntryFilter = {}): ModelCommand {
  return new ModelCommand('entries', [filter, { atPortion: portion }], (model) => {
    const at = revisionAt(model, portion);
    return {
      predict: () => normalEntries(model.entries({ ...filter, at })),
      perform: async ({ storage }) => {
        const found: Entry[] = [];
        for await (const entry of storage.entries({ ...filter, at })) found.push(entry);
        return normalEntries(found);
      },
    };
  });
}

/** Reads the log of a part of the history. */
export function logCommand(from: number, to: number, options: LogOptions): ModelCommand {
  return new ModelCommand('log', [{ afterPortion: from, beforePortion: to, ...options }], (model) => {
    const range = { ...options, after: revisionAt(model, from), before: revisionAt(model, to) };
    return {
      predict: () => normalLog(model.log(range)),
      perform: async ({ storage }) => {
        const found: LogEntry[] = [];
        for await (const entry of storage.log(range)) found.push(entry);
        return normalLog(found);
      },
    };
  });
}

const handlerFilter = fc.option(goodNameArbitrary, { nil: undefined }).map((handlerId) => {
  return handlerId === undefined ? {} : { handlerId };
});

const pastEntries = fc
  .tuple(portionArbitrary, handlerFilter)
  .map(([portion, filter]) => pastEntriesCommand(portion, filter));

const logOptions: Arbitrary<LogOptions> = fc
  .record(
    {
      limit: fc.integer({ min: 1, max: 5 }),
      reverse: fc.boolean(),
      maxChanges: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((options) => ({ ...options }));

/** Mostly much of the history, sometimes nothing of it. */
const [from, to] = [fc.constantFrom(0, 0, 0, 0.2, 0.5, 1, 1.1), fc.constantFrom(2, 2, 2, 1, 0.8, 0.5, 0)];

const log = fc
  .tuple(from, to, logOptions)
  .map(([after, before, options]) => logCommand(after, before, options));

/** Commits with all that they may come with, and every way of reading the past that they make. */
export function pastCommands(kinds: readonly RecordProbe[]): Arbitrary<ModelCommand> {
  return fc.oneof(commitWithTerms(kinds), fc.oneof(...kinds.map(getAt)), pastEntries, log);
}
