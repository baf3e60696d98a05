import type {
  Change,
  Entry,
  EntryFilter,
  Expectation,
  RecordKind,
  Storage,
  StorageCapabilities,
  StorageEvent,
} from '@gati-framework/manifest-store';
import fc, { type Arbitrary } from 'fast-check';
import { take } from '../cases/watching.js';
import { type RecordProbe, recordProbes } from '../record-probe.js';
import { changesArbitrary, goodNameArbitrary, keyArbitrary } from './arbitraries.js';
import { ModelCommand, type Subject } from './command.js';
import { contractCommands, methodCommand } from './contract-commands.js';
import type { ModelEvent, ModelRow, ModelStorage } from './model-storage.js';

/** What is expected of a record, in terms of what the model knows when the command runs. */
type Guess = 'its revision' | 'the revision before' | 'the next revision' | 'absence';

interface SymbolicExpectation {
  readonly kind: RecordKind;
  readonly key: Record<string, string>;
  readonly guess: Guess;
}

const full = ({ storage }: Subject): Storage => storage as Storage;

const GUESSES: readonly Guess[] = [
  ...(['its revision', 'its revision', 'its revision'] as const),
  ...(['the revision before', 'the next revision', 'absence'] as const),
];

function expectation(probes: readonly RecordProbe[]): Arbitrary<SymbolicExpectation> {
  return fc.constantFrom(...probes).chain((probe) => {
    const fields = {
      kind: fc.constant(probe.kind),
      key: keyArbitrary(probe),
      guess: fc.constantFrom(...GUESSES),
    };
    return fc.record(fields, { noNullPrototype: true });
  });
}

function resolve(model: ModelStorage, { kind, key, guess }: SymbolicExpectation): Expectation {
  const actual = model.revisionOf({ kind, key } as never);
  const revision = {
    'its revision': actual,
    'the revision before': Math.max(0, (actual ?? 1) - 1),
    'the next revision': model.revision + 1,
    absence: null,
  }[guess];
  return { kind, key, revision } as unknown as Expectation;
}

function commitCommand(
  changes: readonly Change[],
  expectations: readonly SymbolicExpectation[],
): ModelCommand {
  return new ModelCommand('commit', [changes, { expect: expectations }], (model) => {
    const expect = expectations.map((one) => resolve(model, one));
    return {
      predict: () => model.commit(changes, { expect }),
      perform: (subject) => full(subject).commit(changes, { expect }),
    };
  });
}

function commit(probes: readonly RecordProbe[]): Arbitrary<ModelCommand> {
  return fc
    .tuple(changesArbitrary(probes), fc.array(expectation(probes), { maxLength: 2 }))
    .map(([changes, expectations]) => commitCommand(changes, expectations));
}

function get(probe: RecordProbe): Arbitrary<ModelCommand> {
  return keyArbitrary(probe).map((key) => methodCommand('get', [{ kind: probe.kind, key }], normalEntry));
}

const stats = fc
  .constant([])
  .map(() => methodCommand('stats', [], (value) => Object.entries(value as object).sort()));

const kinds = fc.array(fc.constantFrom<string>(...recordProbes.map(({ kind }) => kind), 'gtype', 'nothing'), {
  maxLength: 3,
});

const entries = fc
  .record({ kinds, handlerId: goodNameArbitrary }, { requiredKeys: [], noNullPrototype: true })
  .map((filter) => entriesCommand(filter as EntryFilter));

/** Reads all that a filter selects. */
export function entriesCommand(filter: EntryFilter): ModelCommand {
  return new ModelCommand('entries', [filter], (model) => ({
    predict: () => normalEntries(model.entries(filter)),
    perform: async (subject) => {
      const found: Entry[] = [];
      for await (const entry of full(subject).entries(filter)) found.push(entry);
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
      perform: (subject) => replay(full(subject), after, model.revision),
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
  for (let seen = after; seen < last && events.length <= last; seen = events.at(-1)?.revision as number) {
    events.push(...(await take(iterator, 1)));
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
  probes: readonly RecordProbe[],
  capabilities: StorageCapabilities,
): Arbitrary<ModelCommand> {
  const canReopen = capabilities.persistent && capabilities.lifecycle;
  return fc.oneof(
    { weight: 12, arbitrary: contractCommands(probes) },
    { weight: 16, arbitrary: commit(probes) },
    { weight: 5, arbitrary: fc.oneof(...probes.map(get)) },
    { weight: 1, arbitrary: stats },
    { weight: capabilities.entries ? 3 : 0, arbitrary: entries },
    { weight: capabilities.watch ? 2 : 0, arbitrary: watch },
    { weight: canReopen ? 1 : 0, arbitrary: reopen },
  );
}

function normalEntry(entry: unknown): unknown {
  if (entry === undefined) return undefined;
  const { kind, key, value, revision } = entry as ModelRow;
  return { kind, key: { ...key }, value, revision };
}

/** The order of the kinds among themselves is the storage's own. */
function normalEntries(found: readonly (Entry | ModelRow)[]): unknown[] {
  return [...found].sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0)).map(normalEntry);
}

function normalEvent({ revision, changes }: StorageEvent): ModelEvent {
  return {
    revision,
    changes: changes.map((change) => {
      if ('clear' in change) return { clear: true };
      if ('delete' in change) return { delete: change.delete, key: { ...change.key } };
      return { put: change.put, key: { ...change.key }, value: change.value };
    }),
  };
}
