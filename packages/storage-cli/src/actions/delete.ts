import { describeKey } from '@gati-framework/manifest-store/backend';
import { noteOf } from '@gati-framework/storage-tools';
import { type DeletionPlan, type DeletionTarget, planDeletion } from '@gati-framework/storage-tools/delete';
import { InUseError } from '../in-use-error.js';
import { ReadingProgress } from '../reading-progress.js';
import type { Terminal } from '../terminal.js';
import { painter } from '../text/colour.js';
import { differenceAsJson, formatRecordDifference } from '../text/format-record-difference.js';
import { asJson } from '../text/json.js';
import { plural } from '../text/words.js';
import { commitAsRead } from './commit-as-read.js';
import { withExistingStorage } from './with-storage.js';

export interface DeleteCommandOptions {
  readonly store: string;
  readonly note?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Says what would go, and with `yes` deletes it, in one commit. */
export async function deleteCommand(
  terminal: Terminal,
  target: DeletionTarget,
  { store, note, yes = false, force = false, json = false }: DeleteCommandOptions,
): Promise<void> {
  using progress = new ReadingProgress(terminal, { quiet: json });
  await withExistingStorage(store, { write: yes, terminal }, async (storage) => {
    const makePlan = async (): Promise<DeletionPlan> => {
      const plan = await planDeletion(progress.of(storage), target, { force });
      if (plan.referrers.length > 0 && !force) throw new InUseError(plan.referrers);
      return plan;
    };
    const { plan, revision } = yes
      ? await commitAsRead(storage, makePlan, noteOf(storage, `delete ${nameOfTarget(target)}`, note))
      : { plan: await makePlan(), revision: null };
    const { differences, referrers } = plan;
    if (json) {
      terminal.out(
        asJson({ dryRun: !yes, revision, differences: differences.map(differenceAsJson), referrers }),
      );
      return;
    }
    const options = { width: terminal.columns, paint: painter(terminal) };
    for (const difference of differences) terminal.out(formatRecordDifference(difference, options));
    const count = plural(differences.filter(({ change }) => change === 'removed').length, 'record');
    terminal.out(
      (revision === null
        ? `Would delete ${count}; --yes does it`
        : `Deleted ${count} as revision ${revision}`) + leftBehind(differences, referrers),
    );
  });
}

function nameOfTarget(target: DeletionTarget): string {
  if ('kind' in target) return `${target.kind} ${target.key.join(' ')}`;
  const { handlerId, version } = target;
  return version === undefined ? `handler ${handlerId}` : `version ${handlerId} ${version}`;
}

/** Those that are not changed themselves name what is gone. */
function leftBehind(differences: DeletionPlan['differences'], referrers: DeletionPlan['referrers']): string {
  const nameOf = ({
    kind,
    key,
  }: DeletionPlan['referrers'][number] | DeletionPlan['differences'][number]): string =>
    describeKey(kind, key);
  const changed = new Set(differences.map(nameOf));
  const left = referrers.filter((referrer) => !changed.has(nameOf(referrer)));
  return left.length === 0 ? '' : `\n${plural(left.length, 'reference')} to what is gone, as verify says`;
}
