import type { PastStorage } from '@gati-framework/storage-tools/history';
import * as v from 'valibot';
import type { VersionView } from '../api/index.js';
import { commandLine } from '../command-line.js';
import { type HandlerRecords, readHandlerRecords } from '../records/handler-records.js';
import { compareTwo } from '../states/compare-two.js';
import { pinned } from '../studio-context.js';
import { notFound } from '../studio-error.js';
import { defined, fieldOf, stringOf } from '../views/fields.js';
import { findingsView } from '../views/findings-view.js';
import { hookManifestView, timescapeView, transformerView } from '../views/handler-views.js';
import { manifestView, typesOf } from '../views/manifest-view.js';
import { jsonTextOf } from '../views/text.js';
import { TypeExpansion } from '../views/type-view.js';
import { versionNamesOf, versionRowsOf } from '../views/version-row.js';
import type { Endpoint } from './endpoint.js';
import { count, name } from './input.js';

export const version: Endpoint<'version'> = {
  from: 'query',
  input: v.strictObject({ id: name, version: v.exactOptional(name), at: v.exactOptional(count) }),
  async answer(context, { id, version: wanted, at }) {
    const { storage, revision } = await pinned(context.store.storage, at);
    const records = await readHandlerRecords(storage, id);
    const names = versionNamesOf(records);
    const found = wanted ?? names.at(-1) ?? '';
    const place = names.indexOf(found);
    if (place < 0)
      throw notFound(`version ${found} of handler ${JSON.stringify(id)} at revision ${revision}`);
    const manifest = records.manifests.find(({ value }) => value.version === found);
    const commitOf = await context.commits.of(manifest === undefined ? [] : [manifest.revision]);
    const [row] = versionRowsOf(records, [found], commitOf);
    if (row === undefined) throw notFound(`version ${found}`);
    return {
      revision,
      command: commandLine(context.store, ['show', id, found], { at }),
      row,
      ...(await ofManifest(storage, records, manifest)),
      ...ofHandler(records, found),
      ...defined({
        changes: await changesOf(storage, records, manifest, row.parent),
        previous: names[place - 1],
        following: names[place + 1],
      }),
    };
  },
};

type Manifest = HandlerRecords['manifests'][number] | undefined;

async function ofManifest(
  storage: PastStorage,
  { hooks }: HandlerRecords,
  manifest: Manifest,
): Promise<Pick<VersionView, 'manifest' | 'json' | 'types'>> {
  if (manifest === undefined) return { types: [] };
  const refs = [...new Set(typesOf(manifest.value.gtypes).map(([, ref]) => ref))];
  const expansion = new TypeExpansion((ref) => storage.getGType(ref));
  const types: VersionView['types'][number][] = [];
  for (const ref of refs) types.push(await expansion.ofRef(ref));
  const stored = {
    types: new Set(refs.filter((_, i) => types[i]?.is !== 'missing')),
    hooks: new Set(hookIdsOf(hooks?.value.hooks)),
  };
  return { manifest: manifestView(manifest, stored), json: jsonTextOf(manifest.value), types };
}

function hookIdsOf(hooks: unknown): string[] {
  return Array.isArray(hooks) ? hooks.flatMap((hook) => stringOf(fieldOf(hook, 'id')) ?? []) : [];
}

function ofHandler(
  { hooks, timescape, transformers }: HandlerRecords,
  found: string,
): Pick<VersionView, 'hooks' | 'timescape' | 'transformers'> {
  const metadata = timescape.find(({ value }) => value.version === found);
  const own = transformers.filter(({ value }) => value.fromVersion === found || value.toVersion === found);
  return {
    ...defined({ hooks: hooks && hookManifestView(hooks), timescape: metadata && timescapeView(metadata) }),
    transformers: own.map(transformerView),
  };
}

async function changesOf(
  state: PastStorage,
  { manifests }: HandlerRecords,
  manifest: Manifest,
  parent: string | undefined,
): Promise<VersionView['changes']> {
  const before = manifests.find(({ value }) => value.version === parent);
  if (before === undefined || manifest === undefined || parent === undefined) return undefined;
  const differences = await compareTwo(
    { manifest: before.value, state },
    { manifest: manifest.value, state },
  );
  return { before: parent, ...findingsView(differences) };
}
