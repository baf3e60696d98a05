import { noteOf } from '@gati-framework/storage-tools';
import {
  type PrunedVersion,
  type PruneOptions,
  type PrunePlan,
  planPrune,
} from '@gati-framework/storage-tools/prune';
import { ReadingProgress } from '../reading-progress.js';
import type { Terminal } from '../terminal.js';
import { formatTable } from '../text/format-table.js';
import { asJson } from '../text/json.js';
import { plural } from '../text/words.js';
import { commitAsRead } from './commit-as-read.js';
import { withExistingStorage } from './with-storage.js';

export interface PruneCommandOptions extends Pick<PruneOptions, 'olderThan' | 'keep' | 'force'> {
  readonly store: string;
  readonly protect?: (handlerId: string, version: string) => boolean;
  readonly note?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Says which versions would go, and with `yes` deletes them, in one commit. */
export async function pruneCommand(
  terminal: Terminal,
  { store, note, yes = false, json = false, ...options }: PruneCommandOptions,
): Promise<void> {
  using progress = new ReadingProgress(terminal, { quiet: json });
  await withExistingStorage(store, { write: yes, terminal }, async (storage) => {
    const makePlan = (): Promise<PrunePlan> => planPrune(progress.of(storage), options);
    const { plan, revision } = yes
      ? await commitAsRead(storage, makePlan, noteOf(storage, 'prune', note))
      : { plan: await makePlan(), revision: null };
    const { versions } = plan;
    if (json) terminal.out(asJson({ dryRun: !yes, revision, versions }));
    else terminal.out(formatPruned(versions, { revision, dryRun: !yes }, terminal.columns));
  });
}

function formatPruned(
  versions: readonly PrunedVersion[],
  { revision, dryRun }: { readonly revision: number | null; readonly dryRun: boolean },
  width: number | undefined,
): string {
  const going = versions.filter(({ keptFor }) => keptFor === undefined).length;
  const kept = versions.length - going;
  const stays = kept === 0 ? '' : `, ${kept} kept`;
  const count = plural(going, 'version');
  const outcome =
    going === 0
      ? `Nothing to delete${stays}`
      : dryRun
        ? `Would delete ${count}${stays}; --yes does it`
        : `Deleted ${count} as revision ${revision}${stays}`;
  if (versions.length === 0) return outcome;
  const rows = versions.map(({ handlerId, version, keptFor }) => [
    handlerId,
    version,
    keptFor === undefined ? (dryRun ? 'would go' : 'deleted') : `kept: ${keptFor}`,
  ]);
  return `${formatTable(['HANDLER', 'VERSION', ''], rows, { width })}\n\n${outcome}`;
}
