import type {
  Change,
  Entry,
  EntryFilter,
  Expectation,
  Storage,
  StorageCapabilities,
  StorageEvent,
} from '@gati-framework/manifest-store';
import fc, { type Arbitrary } from 'fast-check';
import { take } from '../cases/watching.js';
import { expectationOf, type Fields, type RecordProbe, recordKeyOf, recordProbes } from '../record-probe.js';
import { illTyped } from '../untyped.js';
import { changesArbitrary, goodNameArbitrary, keyArbitrary } from './arbitraries.js';
import { ModelCommand } from './command.js';
import { contractCommands, countsCommand, methodCommand } from './contract-commands.js';
import type { ModelStorage } from './model-storage.js';
import { normalEntries, normalEntry, normalEvent } from './normal-forms.js';

/** What is expected of a record, in terms of what the model knows when the command runs. */
type Guess = 'its revision' | 'the revision before' | 'the next revision' | 'absence';

interface SymbolicExpectation {
  readonly probe: RecordProbe;
  readonly key: Fields;
  readonly guess: Guess;
}

const GUESSES: readonly Guess[] = [
  ...(['its revision', 'its revision', 'its revision'] as const),
  ...(['the revision before', 'the next revision', 'absence'] as const),
];

function expectation(kinds: readonly RecordProbe[]): Arbitrary<SymbolicExpectation> {
  return fc
    .constantFrom(...kinds)
    .chain((probe) =>
      fc
        .tuple(keyArbitrary(probe), fc.constantFrom(...GUESSES))
        .map(([key, guess]): SymbolicExpectation => ({ probe, key, guess })),
    );
}

function resolve(model: ModelStorage, { probe, key, guess }: SymbolicExpectation): Expectation {
  const actual = model.revisionOf(recordKeyOf(probe, key));
  const revision = {
    'its revision': actual,
    'the revision before': Math.max(0, (actual ?? 1) - 1),
    'the next revision': model.revision + 1,
    absence: null,
  }[guess];
  return expectationOf(probe, key, revision);
}

function commitCommand(
  changes: readonly Change[],
  expectations: readonly SymbolicExpectation[],
): ModelCommand {
  const shown = expectations.map(({ probe, key, guess }) => ({ kind: probe.kind, key, guess }));
  return new ModelCommand('commit', [changes, { expect: shown }], (model) => {
    const expect = expectations.map((one) => resolve(model, one));
    return {
      predict: () => model.commit(changes, { expect }),
      perform: (subject) => subject.storage.commit(changes, { expect }),
    };
  });
}

function commit(kinds: readonly RecordProbe[]): Arbitrary<ModelCommand> {
  return fc
    .tuple(changesArbitrary(kinds), fc.array(expectation(kinds), { maxLength: 2 }))
    .map(([changes, expectations]) => commitCommand(changes, expectations));
}

function get(probe: RecordProbe): Arbitrary<ModelCommand> {
  return keyArbitrary(probe).map((key) =>
    methodCommand('get', [recordKeyOf(probe, key)], (entry) => entry && normalEntry(entry)),
  );
}

const stats = fc.constant([]).map(() => countsCommand('stats'));

const kindsArbitrary = fc.array(
  fc.constantFrom(...recordProbes.map(({ kind }) => kind), 'gtype', illTyped('nothing')),
  {
    maxLength: 3,
  },
);

const entries = fc
  .record(
    { kinds: kindsArbitrary, handlerId: goodNameArbitrary },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map(entriesCommand);

/** Reads all that a filter selects. */
export function entriesCommand(filter: EntryFilter): ModelCommand {
  return new ModelCommand('entries', [filter], (model) => ({
    predict: () => normalEntries(model.entries(filter)),
    perform: async (subject) => {
      const found: Entry[] = [];
      for await (const entry of subject.storage.entries(filter)) found.push(entry);
      return normalEntries(found);
    },
  }));
}

const watch = fc.integer({ min: 0, max: 11 }).map((tenths) => replayCommand(tenths / 10));

/** Replays the part of the history after `portion` of it; beyond 1, from a revision that does not exist. */
export function replayCommand(portion: number): ModelCommand {
  return new ModelCommand('watch', [{ afterPortion: portion }], (model) => {
    const after = portion > 1 ? model.revision + 1 : Math.floor(model.revision * portion);
    return {
      predict: () => (portion > 1 ? 'STORAGE_COMPACTED' : model.events.slice(after)),
      perform: (subject) => replay(subject.storage, after, model.revision),
    };
  });
}

async function replay(storage: Storage, after: number, last: number): Promise<unknown> {
  const iterator = storage.watch({ after });
  if (after > last) {
    return iterator.next().then(
      () => 'an answer about the future',
      (error: { code?: unknown }) => error.code,
    );
  }
  const events: StorageEvent[] = [];
  // Until the last one: if one before it is skipped, there is nothing more to wait for.
  for (let seen = after; seen < last && events.length <= last; ) {
    for (const event of await take(iterator, 1)) {
      events.push(event);
      seen = event.revision;
    }
  }
  await iterator.return?.();
  return events.map(normalEvent);
}

const reopen = fc.constant([]).map(
  () =>
    new ModelCommand('reopen', [], () => ({
      predict: () => undefined,
      perform: async (subject) => {
        subject.storage = await subject.reopen();
        // getStats may refuse to answer before the first use.
        await subject.storage.listHookManifests();
      },
    })),
);

/** Everything that a storage with these capabilities offers for these kinds. */
export function storageCommands(
  kinds: readonly RecordProbe[],
  capabilities: StorageCapabilities,
): Arbitrary<ModelCommand> {
  const canReopen = capabilities.persistent && capabilities.lifecycle;
  return fc.oneof(
    { weight: 12, arbitrary: contractCommands(kinds) },
    { weight: 16, arbitrary: commit(kinds) },
    { weight: 5, arbitrary: fc.oneof(...kinds.map(get)) },
    { weight: 1, arbitrary: stats },
    { weight: capabilities.entries ? 3 : 0, arbitrary: entries },
    { weight: capabilities.watch ? 2 : 0, arbitrary: watch },
    { weight: canReopen ? 1 : 0, arbitrary: reopen },
  );
}
