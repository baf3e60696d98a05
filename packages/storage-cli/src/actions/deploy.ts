import type { Revision } from '@gati-framework/manifest-store';
import { noteOf } from '@gati-framework/storage-tools';
import {
  type Bundle,
  type DeploymentReport,
  type DeployOptions,
  deploy,
  planDeployment,
} from '@gati-framework/storage-tools/deploy';
import { showDeployProgress } from '../deploy-progress.js';
import type { Terminal } from '../terminal.js';
import { painter } from '../text/colour.js';
import { formatDeployment } from '../text/format-deployment.js';
import { differenceAsJson } from '../text/format-record-difference.js';
import { asJson } from '../text/json.js';
import { bundleOf, PIPED } from './piped-bundle.js';
import { withStorage, withStorageToCompare } from './with-storage.js';

export interface DeployCommandOptions extends DeployOptions {
  readonly store: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** Stores a bundle in one commit, or says what that would change. */
export async function deployCommand(
  terminal: Terminal,
  path: string,
  { store, note, dryRun = false, json = false, verbose = false, ...options }: DeployCommandOptions,
): Promise<void> {
  using progress = showDeployProgress(terminal, { quiet: json });
  const { onProgress, onRead } = progress;
  const bundle = await bundleOf(path, terminal, { onProgress: onRead });
  // What is told of opening the store comes in its place.
  progress[Symbol.dispose]();
  const { api } = options;
  const report = dryRun
    ? await withStorageToCompare(store, terminal, async (storage) => {
        const plan = await planDeployment(storage, bundle, { onProgress, ...(api !== undefined && { api }) });
        return { ...plan, revision: null };
      })
    : await withStorage(store, {}, terminal, (storage) =>
        deploy(storage, bundle, {
          ...options,
          ...noteOf(storage, `deploy ${path === '-' ? PIPED : path}`, note),
          onProgress,
        }),
      );
  progress[Symbol.dispose]();
  const told = { ...report, dryRun };
  if (json) terminal.out(asJson(forPrograms(bundle, told)));
  else
    terminal.out(
      formatDeployment(bundle, told, { width: terminal.columns, paint: painter(terminal), verbose }),
    );
}

interface Told extends DeploymentReport {
  readonly revision: Revision | null;
  readonly dryRun: boolean;
}

function forPrograms(
  { file, format, omitted }: Bundle,
  { dryRun, revision, unchanged, differences, report }: Told,
): object {
  return {
    file,
    format,
    dryRun,
    revision,
    unchanged,
    differences: differences.map(differenceAsJson),
    omitted,
    ...(report === undefined ? {} : { changed: report.changed, outdated: report.outdated }),
  };
}
