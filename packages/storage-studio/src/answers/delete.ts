import { StorageError } from '@gati-framework/manifest-store';
import { type DeletionPlan, planDeletion } from '@gati-framework/storage-tools/delete';
import * as v from 'valibot';
import { type DeleteRequest, LIMITS } from '../api/index.js';
import { commandLine } from '../command-line.js';
import { assertWritable, carryOut, wantedRevision } from '../writes/carry-out.js';
import type { Endpoint } from './endpoint.js';
import { flag, kind, name } from './input.js';
import { intentFields, intentOf } from './intent.js';

const target: v.GenericSchema<unknown, DeleteRequest['target']> = v.union([
  v.strictObject({ handlerId: name, version: v.exactOptional(name) }),
  v.strictObject({ kind, key: v.union([v.tuple([name]), v.tuple([name, name])]) }),
]);

export const deletion: Endpoint<'delete'> = {
  from: 'body',
  input: v.pipe(
    v.strictObject({ ...intentFields, target, force: v.exactOptional(flag) }),
    v.transform(
      ({ target: wanted, force, ...intent }): DeleteRequest => ({
        target: wanted,
        ...(force !== undefined && { force }),
        ...intentOf(intent),
      }),
    ),
  ),
  async answer(context, request, { signal }) {
    assertWritable(context);
    const { target: wanted, force = false } = request;
    const words = wordsOf(wanted);
    const { plan, ...written } = await context.turns.take(signal, () =>
      carryOut(
        context,
        async ({ storage }) => {
          const found = await planDeletion(storage, wanted, { force });
          if (wantedRevision(request) !== undefined && !force) assertUnused(found);
          return found;
        },
        { intent: request, did: () => `delete ${words.join(' ')}`, signal },
      ),
    );
    return {
      ...written,
      command: commandLine(context.store, ['delete', ...words], {
        force,
        note: request.note,
        yes: wantedRevision(request) !== undefined,
      }),
      referrers: plan.referrers.slice(0, LIMITS.page),
      referrerCount: plan.referrers.length,
    };
  },
};

function wordsOf(wanted: DeleteRequest['target']): string[] {
  if ('kind' in wanted) return [wanted.kind, ...wanted.key];
  const { handlerId, version } = wanted;
  return version === undefined ? ['handler', handlerId] : ['version', handlerId, version];
}

function assertUnused({ referrers }: DeletionPlan): void {
  if (referrers.length === 0) return;
  const message = `Other records refer to it in ${referrers.length} places. Delete those first, or force it.`;
  throw new StorageError('INVALID_OPTIONS', message, { path: 'force' });
}
