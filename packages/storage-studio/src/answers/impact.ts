import * as v from 'valibot';
import type { ImpactOf, ImpactQuery, ImpactRow } from '../api/index.js';
import { type Dependent, dependentsOf, isStored, namesOf } from '../catalog/dependents.js';
import { commandLine } from '../command-line.js';
import { catalogAt, type StudioStore } from '../studio-context.js';
import { defined } from '../views/fields.js';
import { textOf } from '../views/text.js';
import type { Endpoint } from './endpoint.js';
import { count, limit, name, text } from './input.js';
import { pageOf } from './paging.js';

const of: v.GenericSchema<unknown, ImpactOf> = v.picklist(['gtype', 'hook', 'transformer', 'dependency']);

export const impact: Endpoint<'impact'> = {
  from: 'query',
  input: v.strictObject({
    of,
    name,
    cursor: v.exactOptional(text),
    limit: v.exactOptional(limit),
    at: v.exactOptional(count),
  }),
  async answer(context, query, { signal }) {
    const catalog = await catalogAt(context, query.at, signal);
    const dependents = dependentsOf(catalog, query.of, query.name);
    return {
      revision: catalog.revision,
      command: commandOf(context.store, query),
      of: query.of,
      name: query.name,
      stored: isStored(catalog, query.of, query.name),
      handlers: new Set(dependents.map(({ handler }) => handler)).size,
      ...pageOf(dependents, query, rowOf),
    };
  },
};

export const names: Endpoint<'names'> = {
  from: 'query',
  input: v.strictObject({
    of,
    q: v.exactOptional(text),
    cursor: v.exactOptional(text),
    limit: v.exactOptional(limit),
    at: v.exactOptional(count),
  }),
  async answer(context, query, { signal }) {
    const catalog = await catalogAt(context, query.at, signal);
    const part = (query.q ?? '').toLowerCase();
    const found = namesOf(catalog, query.of).filter((one) => one.toLowerCase().includes(part));
    return {
      revision: catalog.revision,
      command: commandLine(context.store, ['list'], { kind: KINDS[query.of], at: query.at }),
      of: query.of,
      ...pageOf(found, query, (one) => ({ name: one })),
    };
  },
};

const KINDS = {
  gtype: 'gtype',
  transformer: 'transformer',
  hook: 'hookManifest',
  dependency: undefined,
} as const;

function rowOf({ handler, version, places, via }: Dependent): ImpactRow {
  return {
    handlerId: handler.handlerId,
    version,
    latest: handler.versionNames().at(-1) === version,
    ...defined({ status: handler.statuses.get(version) }),
    places,
    via: via.map(textOf),
  };
}

/** The nearest that there is: no command tells all of it. */
function commandOf(store: StudioStore, query: ImpactQuery): string {
  const { name: wanted, at } = query;
  if (query.of === 'dependency') return commandLine(store, ['list'], { dependency: wanted, at });
  if (query.of === 'hook') return commandLine(store, ['list'], { kind: 'hookManifest', at });
  return commandLine(store, ['show'], { [query.of]: wanted, at });
}
