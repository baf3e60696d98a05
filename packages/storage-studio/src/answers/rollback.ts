import { storageAt } from '@gati-framework/storage-tools/history';
import { planRollback, type RollbackPlan, rollBack } from '@gati-framework/storage-tools/rollback';
import * as v from 'valibot';
import { type CommitView, LIMITS, type RollbackRequest } from '../api/index.js';
import { commandLine } from '../command-line.js';
import { catalogAt, type StudioContext } from '../studio-context.js';
import { commitView } from '../views/commit-view.js';
import { assertExpected, assertWritable, wantedRevision } from '../writes/carry-out.js';
import { type DescribedChanges, describeChanges } from '../writes/described-changes.js';
import type { Endpoint } from './endpoint.js';
import { count } from './input.js';
import { intentFields, intentOf } from './intent.js';

export const rollback: Endpoint<'rollback'> = {
  from: 'body',
  input: v.pipe(
    v.strictObject({ ...intentFields, to: count }),
    v.transform(({ to, ...intent }): RollbackRequest => ({ to, ...intentOf(intent) })),
  ),
  async answer(context, request, { signal }) {
    assertWritable(context);
    const { storage } = context.store;
    const { to, note } = request;
    return await context.turns.take(signal, async () => {
      const plan = await planRollback(storage, to);
      assertExpected(request, plan.from);
      const described = await describeRollback(context, plan, signal);
      const commits = await commitsOf(plan);
      const isDryRun = wantedRevision(request) === undefined;
      const made = isDryRun ? null : await rollBack(storage, plan, note === undefined ? {} : { note });
      if (made !== null) await context.live.reached(made, signal);
      const options = { to, note, 'expect-revision': plan.from, yes: !isDryRun };
      return {
        revision: made ?? plan.from,
        command: commandLine(context.store, ['rollback'], options),
        done: made !== null,
        ...described,
        from: plan.from,
        to,
        commits,
      };
    });
  },
};

async function describeRollback(
  context: StudioContext,
  plan: RollbackPlan,
  signal: AbortSignal,
): Promise<DescribedChanges> {
  const { storage } = context.store;
  const states = { before: storageAt(storage, plan.from), after: storageAt(storage, plan.to) };
  const catalog = await catalogAt(context, plan.from, signal);
  return await describeChanges(plan.differences(), { ...states, catalog }, signal);
}

async function commitsOf(plan: RollbackPlan): Promise<CommitView[]> {
  const commits: CommitView[] = [];
  if (plan.from === plan.to) return commits;
  for await (const commit of plan.commits()) if (commits.push(commitView(commit)) === LIMITS.page) break;
  return commits;
}
