import type { RecordKind } from '@gati-framework/manifest-store';
import fc, { type Arbitrary } from 'fast-check';
import type { RecordProbe } from '../record-probe.js';
import { endArbitrary, keyArbitrary, nameArbitrary, recordArbitrary } from './arbitraries.js';
import { ModelCommand, type Subject } from './command.js';
import type { ModelStorage } from './model-storage.js';

type Method = (...args: readonly unknown[]) => unknown;

/** A call of the same method, by name, of the model and of the storage. */
export function methodCommand(
  name: string,
  args: readonly unknown[],
  normalize: (value: unknown) => unknown = (value) => value,
): ModelCommand {
  const call = async (target: object): Promise<unknown> =>
    normalize(await (target as Record<string, Method>)[name]?.call(target, ...args));
  return new ModelCommand(name, args, (model: ModelStorage) => ({
    predict: () => call(model),
    perform: (subject: Subject) => call(subject.storage),
  }));
}

const STORE_METHODS = {
  manifest: 'storeManifest',
  hookManifest: 'storeHookManifest',
  gtype: 'storeGType',
  transformer: 'storeTransformer',
  versionGraph: 'storeVersionGraph',
  timescapeMetadata: 'storeTimescapeMetadata',
} as const;

const READ_METHODS = {
  manifest: 'getManifest',
  hookManifest: 'getHookManifest',
  gtype: 'getGType',
  transformer: 'getTransformer',
  versionGraph: 'getVersionGraph',
  timescapeMetadata: 'getTimescapeMetadata',
} as const;

const name = nameArbitrary;

/** Arguments for the ways to read each kind beside the one by key. */
const LISTS: Readonly<Record<RecordKind, Readonly<Record<string, readonly Arbitrary<string>[]>>>> = {
  manifest: { getManifest: [name], getAllManifestVersions: [name] },
  hookManifest: { listHookManifests: [] },
  gtype: {},
  transformer: { getTransformersForVersions: [name, endArbitrary, endArbitrary] },
  versionGraph: {},
  timescapeMetadata: {},
};

function store(probe: RecordProbe): Arbitrary<ModelCommand> {
  return recordArbitrary(probe).map((record) => methodCommand(STORE_METHODS[probe.kind], [record]));
}

function read(probe: RecordProbe): Arbitrary<ModelCommand> {
  const byKey = keyArbitrary(probe).map((key) => methodCommand(READ_METHODS[probe.kind], Object.values(key)));
  const lists = Object.entries(LISTS[probe.kind]).map(([method, args]) =>
    fc.tuple(...args).map((values) => methodCommand(method, values)),
  );
  return fc.oneof(byKey, ...lists);
}

const clear = fc.constant([]).map((args) => methodCommand('clear', args));

/** Every method of the contract that has to do with these kinds. */
export function contractCommands(probes: readonly RecordProbe[]): Arbitrary<ModelCommand> {
  return fc.oneof(
    { weight: 32, arbitrary: fc.oneof(...probes.map(store)) },
    { weight: 24, arbitrary: fc.oneof(...probes.map(read)) },
    { weight: 1, arbitrary: clear },
  );
}

/** Looks at everything that is stored, by every way that leads there. */
export function contractChecks(model: ModelStorage): ModelCommand[] {
  const handlerIds = [...new Set(model.rows.map(({ value }) => value.handlerId))];
  return [
    methodCommand('getStats', [], (stats) => Object.entries(stats as object).sort()),
    methodCommand('listHookManifests', []),
    ...handlerIds
      .filter((handlerId) => handlerId !== undefined)
      .flatMap((handlerId) => [
        methodCommand('getAllManifestVersions', [handlerId]),
        methodCommand('getManifest', [handlerId]),
      ]),
    ...model.rows.flatMap(({ kind, key, value }) => {
      const byKey = methodCommand(READ_METHODS[kind], Object.values(key));
      if (kind !== 'transformer') return [byKey];
      const { handlerId, fromVersion, toVersion } = value;
      return [byKey, methodCommand('getTransformersForVersions', [handlerId, fromVersion, toVersion])];
    }),
  ];
}
