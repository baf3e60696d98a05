import type { Revision } from '@gati-framework/manifest-store';
import type { TSV } from '@gati-framework/runtime/timescape/types';
import { type EditedStorage, editRecords } from './edited-records.js';
import { newMetadata } from './graph-edits.js';
import type { KnownVersion } from './timelines.js';
import { type Usage, withUsage } from './usage-counts.js';

/** Adds the requests of one process to those that are stored, of all versions in one commit. */
export async function storeUsage(
  storage: EditedStorage,
  counted: ReadonlyMap<TSV, Usage>,
  versionOf: (tsv: TSV) => KnownVersion | undefined,
): Promise<Revision | undefined> {
  return await editRecords(storage, async (records) => {
    for (const [tsv, usage] of counted) {
      const known = versionOf(tsv);
      if (known === undefined) continue; // deleted meanwhile
      const { handlerId, node } = known;
      const metadata = await records.metadata(handlerId, node.version);
      const counting = metadata ?? newMetadata(handlerId, node.version, node.manifestHash);
      records.put('timescapeMetadata', withUsage(counting, usage));
    }
  });
}
