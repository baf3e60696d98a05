import type { HandlerManifest } from '@gati-framework/manifest-store';
import { fieldDifferences } from '@gati-framework/storage-tools/diff';
import * as v from 'valibot';
import type { StateName, VersionSide } from '../api/index.js';
import { commandLine } from '../command-line.js';
import { compareTwo } from '../states/compare-two.js';
import { type ComparedState, readState } from '../states/state-name.js';
import type { StudioContext } from '../studio-context.js';
import { notFound } from '../studio-error.js';
import { fieldViews, findingsView } from '../views/findings-view.js';
import { jsonTextOf } from '../views/text.js';
import { stateName } from './compare.js';
import type { Endpoint } from './endpoint.js';
import { flag, name } from './input.js';

export const compareVersions: Endpoint<'compareVersions'> = {
  from: 'query',
  input: v.strictObject({
    id: name,
    before: name,
    after: name,
    afterId: v.exactOptional(name),
    beforeIn: v.exactOptional(stateName),
    afterIn: v.exactOptional(stateName),
    strictErrors: v.exactOptional(flag),
  }),
  async answer(context, query, { signal }) {
    const { id, afterId = id, strictErrors = false } = query;
    const before = await readSide(context, query.beforeIn, id, query.before);
    const after = await readSide(context, query.afterIn, afterId, query.after);
    const differences = await context.turns.take(signal, () => compareTwo(before, after, { strictErrors }));
    const fields = fieldDifferences(before.manifest, after.manifest);
    const words = ['diff', `${id}@${query.before}`, `${afterId}@${query.after}`];
    return {
      revision: after.of.info.revision,
      command: commandLine(after.of.store, words, { 'strict-errors': strictErrors }),
      ...findingsView(differences),
      before: sideView(before),
      after: sideView(after),
      fields: fieldViews(fields),
      fieldCount: fields.length,
    };
  },
};

interface Side {
  readonly manifest: HandlerManifest;
  readonly state: ComparedState['storage'];
  readonly of: ComparedState;
}

async function readSide(
  context: StudioContext,
  state: StateName | undefined,
  id: string,
  version: string,
): Promise<Side> {
  const of = await readState(context, state ?? 'this');
  const manifest = await of.storage.getManifest(id, version);
  if (manifest === undefined)
    throw notFound(`version ${version} of handler ${JSON.stringify(id)} at revision ${of.info.revision}`);
  return { manifest, state: of.storage, of };
}

function sideView({ manifest, of }: Side): VersionSide {
  const { handlerId, version } = manifest;
  return { ...of.info, handlerId, version, json: jsonTextOf(manifest) };
}
