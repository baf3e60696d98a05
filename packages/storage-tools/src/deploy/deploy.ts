import { type Revision, type Storage, StorageError } from '@gati-framework/manifest-store';
import type { Bundle } from './bundle.js';
import { type DeploymentPlan, type PlanDeploymentOptions, planDeployment } from './plan-deployment.js';

export interface DeployOptions extends PlanDeploymentOptions {
  /** Who deploys this and why, as the note of the commit. For storages with the capability `history`; others refuse it. */
  note?: string;
  /**
   * The revision that the store must be at; when somebody has committed since, nothing is stored
   * (`STORAGE_CONFLICT`). For storages with the capability `history`; others refuse it.
   */
  expectRevision?: Revision;
}

/** What was deployed. */
export interface DeploymentReport extends Omit<DeploymentPlan, 'changes' | 'expect'> {
  /** Revision of the one commit; `null` when the store held all of it already, which leaves no trace. */
  readonly revision: Revision | null;
}

/** How often a deployment is planned anew because somebody else wrote in between. */
const MAX_ATTEMPTS = 8;

/**
 * Stores a bundle in one commit: all of it or nothing, seen by readers whole. A bundle that is
 * deployed again changes nothing. When somebody else writes in between, it is planned
 * anew and tried again, some times.
 *
 * @example
 * import { deploy, readBundle } from '@gati-framework/storage-tools/deploy';
 *
 * const { revision, differences } = await deploy(storage, await readBundle('records.json'));
 * console.log(revision, differences.length);
 *
 * @throws StorageError `INVALID_BUNDLE` when the bundle does not fit what is stored, and all that a commit throws.
 */
export async function deploy(
  storage: Pick<Storage, 'commit' | 'entries' | 'get'>,
  bundle: Bundle,
  { note, expectRevision, ...planning }: DeployOptions = {},
): Promise<DeploymentReport> {
  const told = {
    ...(note !== undefined && { note }),
    ...(expectRevision !== undefined && { expectRevision }),
  };
  const attempts = expectRevision === undefined ? MAX_ATTEMPTS : 1;
  for (let attempt = 1; ; attempt++) {
    const { changes, expect, ...report } = await planDeployment(storage, bundle, planning);
    if (changes.length === 0) return { ...report, revision: null };
    planning.onProgress?.(0, changes.length, 'storing');
    try {
      return { ...report, revision: await storage.commit(changes, { expect, ...told }) };
    } catch (error) {
      const conflict = error instanceof StorageError && error.code === 'STORAGE_CONFLICT';
      if (!conflict || attempt === attempts) throw error;
    }
  }
}
