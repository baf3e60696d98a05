import { fromApiType, isApiRef, type SeenDocument } from '@gati-framework/api-import';
import type { Entry, GType, Storage } from '@gati-framework/manifest-store';
import * as v from 'valibot';
import { type HandlerView, LIMITS } from '../api/index.js';
import type { Catalog } from '../catalog/catalog.js';
import { commandLine } from '../command-line.js';
import { type HandlerRecords, readHandlerRecords } from '../records/handler-records.js';
import { catalogAt, pinned } from '../studio-context.js';
import { notFound } from '../studio-error.js';
import { defined, fieldOf, stringOf } from '../views/fields.js';
import { transformerView } from '../views/handler-views.js';
import { textOf } from '../views/text.js';
import { versionNamesOf, versionRowsOf } from '../views/version-row.js';
import type { Endpoint } from './endpoint.js';
import { count, name } from './input.js';

export const handler: Endpoint<'handler'> = {
  from: 'query',
  input: v.strictObject({ id: name, at: v.exactOptional(count) }),
  async answer(context, { id, at }, { signal }) {
    const { storage, revision } = await pinned(context.store.storage, at);
    const records = await readHandlerRecords(storage, id);
    if (isNothing(records)) throw notFound(`handler ${JSON.stringify(id)} at revision ${revision}`);
    const names = versionNamesOf(records);
    const shown = names.slice(-LIMITS.listed);
    const commitOf = await context.commits.of(records.manifests.map((entry) => entry.revision));
    return {
      revision,
      command: commandLine(context.store, ['show', id], { versions: true, at }),
      handlerId: id,
      ...defined({
        current: stringOf(fieldOf(records.graph?.value, 'currentVersion')),
        latest: stringOf(fieldOf(records.graph?.value, 'latestVersion')),
      }),
      versions: versionRowsOf(records, shown, commitOf),
      versionCount: names.length,
      transformers: records.transformers.slice(0, LIMITS.listed).map(transformerView),
      transformerCount: records.transformers.length,
      documents: await documentsOf(storage, await catalogAt(context, at, signal), id, shown),
    };
  },
};

function isNothing({ manifests, graph, hooks, transformers, timescape }: HandlerRecords): boolean {
  const records: readonly (Entry | undefined)[] = [graph, hooks, ...manifests, ...transformers, ...timescape];
  return records.every((record) => record === undefined);
}

/** The documents of the API that a handler belongs to. */
async function documentsOf(
  storage: Pick<Storage, 'get'>,
  catalog: Catalog,
  handlerId: string,
  versions: readonly string[],
): Promise<HandlerView['documents']> {
  const known = new Set(versions);
  for (const ref of [...catalog.types.keys()].filter(isApiRef)) {
    const entry = await storage.get({ kind: 'gtype', key: { ref } });
    const api = entry?.kind === 'gtype' ? apiOf(entry.value) : undefined;
    if (api?.handlers.includes(handlerId))
      return api.documents.filter(({ version = '' }) => known.has(version)).map(documentView);
  }
  return [];
}

/** What an import remembered, unless others have stored something else there. */
function apiOf(type: GType): ReturnType<typeof fromApiType> {
  return Array.isArray(type.validators) ? fromApiType(type) : undefined;
}

function documentView({ version, source, importedAt }: SeenDocument): HandlerView['documents'][number] {
  return { ...defined({ version }), source: textOf(source), importedAt };
}
