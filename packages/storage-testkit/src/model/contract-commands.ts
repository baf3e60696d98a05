import type { StorageContract } from '@gati-framework/manifest-store';
import fc, { type Arbitrary } from 'fast-check';
import { probes, type RecordProbe, valuesOf } from '../record-probe.js';
import { callMethod } from '../untyped.js';
import { withoutFigures } from '../without-figures.js';
import { fieldArbitrary, keyArbitrary, recordArbitrary } from './arbitraries.js';
import { ModelCommand, type Subject } from './command.js';
import type { ModelStorage } from './model-storage.js';

/** A call of the same method, by name, of the model and of the storage. */
export function methodCommand(
  name: string,
  args: readonly unknown[],
  normalize: (value: unknown) => unknown = (value) => value,
): ModelCommand {
  const call = async (target: ModelStorage | StorageContract): Promise<unknown> =>
    normalize(await callMethod(target, name, args));
  return new ModelCommand(name, args, (model: ModelStorage) => ({
    predict: () => call(model),
    perform: (subject: Subject) => call(subject.storage),
  }));
}

/** Counts in an order of their own. */
export function countsCommand(method: 'getStats' | 'stats'): ModelCommand {
  const isCount = ([name]: [string, unknown]): boolean => name !== 'oldestRevision';
  return methodCommand(method, [], (stats) =>
    Object.entries(withoutFigures(Object(stats)))
      .filter(isCount)
      .sort(),
  );
}

function store(probe: RecordProbe): Arbitrary<ModelCommand> {
  return recordArbitrary(probe).map((record) => methodCommand(probe.storeMethod, [record]));
}

function read(probe: RecordProbe): Arbitrary<ModelCommand> {
  const byKey = keyArbitrary(probe).map((key) => methodCommand(probe.readMethod, Object.values(key)));
  const lookups = Object.entries(probe.lookups).map(([method, fields]) =>
    fc.tuple(...fields.map(fieldArbitrary)).map((values) => methodCommand(method, values)),
  );
  return fc.oneof(byKey, ...lookups);
}

const clear = fc.constant([]).map((args) => methodCommand('clear', args));

/** Every method of the contract that has to do with these kinds. */
export function contractCommands(kinds: readonly RecordProbe[]): Arbitrary<ModelCommand> {
  return fc.oneof(
    { weight: 32, arbitrary: fc.oneof(...kinds.map(store)) },
    { weight: 24, arbitrary: fc.oneof(...kinds.map(read)) },
    { weight: 1, arbitrary: clear },
  );
}

/** Looks at everything that is stored, by every way that leads there. */
export function contractChecks(model: ModelStorage): ModelCommand[] {
  const ofRecords = model.rows.flatMap(({ kind, value }) => {
    const { readMethod, keyFields, lookups } = probes[kind];
    const byKey = methodCommand(readMethod, valuesOf(value, keyFields));
    return [
      byKey,
      ...Object.entries(lookups).map(([name, fields]) => methodCommand(name, valuesOf(value, fields))),
    ];
  });
  const handlerIds = model.rows.flatMap(({ value }) =>
    value.handlerId === undefined ? [] : [value.handlerId],
  );
  const ofHandlers = handlerIds.flatMap((handlerId) =>
    Object.keys(probes.manifest.lookups).map((name) => methodCommand(name, [handlerId])),
  );
  const always = [countsCommand('getStats'), methodCommand('listHookManifests', [])];
  const checks = [...always, ...ofHandlers, ...ofRecords];
  return [...new Map(checks.map((command) => [String(command), command])).values()];
}
