import * as v from 'valibot';
import { LIMITS } from '../api/index.js';
import { dependentsOf } from '../catalog/dependents.js';
import { commandLine } from '../command-line.js';
import { catalogAt, pinnedAt } from '../studio-context.js';
import { notFound } from '../studio-error.js';
import { jsonTextOf } from '../views/text.js';
import { TypeExpansion } from '../views/type-view.js';
import type { Endpoint } from './endpoint.js';
import { count, name } from './input.js';

export const type: Endpoint<'type'> = {
  from: 'query',
  input: v.strictObject({ ref: name, at: v.exactOptional(count) }),
  async answer(context, { ref, at }, { signal }) {
    const catalog = await catalogAt(context, at, signal);
    const { revision } = catalog;
    const users = [...catalog.types.values()].filter((one) => one.ref !== ref && one.children.includes(ref));
    const usedByVersions = dependentsOf(catalog, 'gtype', ref).length;
    const { storage } = pinnedAt(context.store.storage, revision, at !== undefined);
    const entry = await storage.get({ kind: 'gtype', key: { ref } });
    if (entry?.kind !== 'gtype') throw notFound(`GType ${JSON.stringify(ref)} at revision ${revision}`);
    const expansion = new TypeExpansion((wanted) => storage.getGType(wanted));
    return {
      revision,
      command: commandLine(context.store, ['show'], { gtype: ref, at }),
      type: await expansion.ofRef(ref),
      json: jsonTextOf(entry.value, LIMITS.json),
      storedAt: entry.revision,
      usedByTypes: users.length,
      usedByVersions,
    };
  },
};
