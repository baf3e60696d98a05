import { type LogEntry, StorageError } from '@gati-framework/manifest-store';
import { planRollback, type RollbackPlan, rollBack } from '@gati-framework/storage-tools/rollback';
import { ReadingProgress } from '../reading-progress.js';
import type { Terminal } from '../terminal.js';
import { painter } from '../text/colour.js';
import { RollbackAsJson, RollbackAsText, type RollbackReport } from '../text/rollback-report.js';
import { withExistingStorage } from './with-storage.js';

export interface RollbackCommandOptions {
  readonly store: string;
  readonly to: number;
  readonly note?: string;
  readonly expectRevision?: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** How many of the commits that are taken back are told. */
const SHOWN = 10;

/** Says what would become of the records, and with `yes` does it, in one commit. */
export async function rollbackCommand(
  terminal: Terminal,
  { store, to, note, expectRevision, yes = false, json = false }: RollbackCommandOptions,
): Promise<void> {
  using progress = new ReadingProgress(terminal, { quiet: json });
  await withExistingStorage(store, { write: yes, terminal }, async (storage) => {
    const plan = await planRollback(progress.of(storage), to);
    if (expectRevision !== undefined && expectRevision !== plan.from)
      throw otherRevision(expectRevision, plan);
    const options = { width: terminal.columns, paint: painter(terminal) };
    const report = json ? new RollbackAsJson(terminal) : new RollbackAsText(terminal, options);
    await tell(plan, report, progress);
    const revision = yes ? await rollBack(storage, plan, note === undefined ? {} : { note }) : null;
    const isSame = yes ? revision === null : await isUnchanged(plan, report);
    await report.end({ dryRun: !yes, revision, isSame }, plan);
  });
}

async function tell(
  plan: RollbackPlan,
  report: RollbackReport,
  progress: Pick<ReadingProgress, 'clear'>,
): Promise<void> {
  const commits: LogEntry[] = [];
  for await (const commit of plan.commits()) {
    if (commits.push(commit) === SHOWN) break;
  }
  await report.commits(commits, plan.from - plan.to);
  for await (const difference of plan.differences()) {
    progress.clear();
    await report.record(difference);
  }
}

/** Where no record differs, its order still may. */
async function isUnchanged(plan: RollbackPlan, { differ }: RollbackReport): Promise<boolean> {
  if (differ) return false;
  for await (const _ of plan.changes()) return false;
  return true;
}

function otherRevision(expected: number, { from, to }: RollbackPlan): StorageError {
  const message =
    `The store was expected to be at revision ${expected} but is at ${from}; nothing was rolled back. ` +
    `See what others have committed with gati-storage log --after ${Math.min(expected, from)}, and decide anew whether to go back to ${to}.`;
  return new StorageError('STORAGE_CONFLICT', message, {
    path: 'expectRevision',
    details: { expected, actual: from },
  });
}
