import { planPrune, protectionOf } from '@gati-framework/storage-tools/prune';
import * as v from 'valibot';
import { LIMITS, type PruneRequest } from '../api/index.js';
import { commandLine } from '../command-line.js';
import type { StudioStore } from '../studio-context.js';
import { assertWritable, carryOut, wantedRevision } from '../writes/carry-out.js';
import type { Endpoint } from './endpoint.js';
import { count, flag, name } from './input.js';
import { intentFields, intentOf } from './intent.js';

export const prune: Endpoint<'prune'> = {
  from: 'body',
  input: v.pipe(
    v.strictObject({
      ...intentFields,
      olderThan: v.exactOptional(count),
      keep: v.exactOptional(count),
      force: v.exactOptional(flag),
      protect: v.exactOptional(v.pipe(v.array(name), v.maxLength(100))),
      now: v.exactOptional(count),
    }),
    v.transform(
      ({ dryRun, expectRevision, note, ...rest }): PruneRequest => ({
        ...rest,
        ...intentOf({
          ...(dryRun !== undefined && { dryRun }),
          ...(expectRevision !== undefined && { expectRevision }),
          ...(note !== undefined && { note }),
        }),
      }),
    ),
  ),
  async answer(context, request, { signal }) {
    assertWritable(context);
    const { olderThan, keep, force = false, protect = [], now = Date.now() } = request;
    const options = {
      ...(olderThan !== undefined && { olderThan }),
      ...(keep !== undefined && { keep }),
      protect: protectionOf(protect),
      force,
      now,
    };
    const { plan, ...written } = await context.turns.take(signal, () =>
      carryOut(context, ({ storage }) => planPrune(storage, options), {
        intent: request,
        did: () => 'prune',
        signal,
      }),
    );
    return {
      ...written,
      command: commandOf(context.store, request),
      now,
      versions: plan.versions.slice(0, LIMITS.page),
      versionCount: plan.versions.length,
    };
  },
};

function commandOf(store: StudioStore, request: PruneRequest): string {
  const { olderThan, keep, force, note, protect = [] } = request;
  return commandLine(store, ['prune'], {
    protect,
    ...(olderThan !== undefined && { 'older-than': `${Math.ceil(olderThan / 1000)}s` }),
    keep,
    force,
    note,
    yes: wantedRevision(request) !== undefined,
  });
}
