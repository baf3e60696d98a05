import type { Change, Expectation, RecordKey, Storage } from '@gati-framework/manifest-store';
import { versionGraph } from '../records.js';

/** The record that compare-and-set cases are about. */
export const graphKey: RecordKey<'versionGraph'> = {
  kind: 'versionGraph',
  key: { handlerId: 'users.create' },
};
export const putGraph = (currentVersion: string): Change => ({
  put: 'versionGraph',
  value: versionGraph({ currentVersion }),
});
export const expecting = (revision: number | null): { expect: Expectation[] } => ({
  expect: [{ ...graphKey, revision }],
});

export async function currentGraph(storage: Storage): Promise<string | undefined> {
  return (await storage.getVersionGraph('users.create'))?.currentVersion;
}
