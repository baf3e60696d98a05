import { type Head, readHead } from '../store/ends.js';
import { readGroup } from '../store/read-log.js';
import type { KeyValue } from '../wire/messages.js';
import type { StoreReader } from './load-store.js';
import type { ChangedRecords, StoreMirror } from './store-mirror.js';

/**
 * Applies to the mirror what a watch has told, as far as it follows from what is there. Within `mirror.exclusively`.
 *
 * @param puts Of heads and groups, those of a commit together.
 * @returns Whether the mirror holds all of it now; false: etcd is to be asked.
 */
export async function heardOf(
  puts: readonly KeyValue[],
  mirror: StoreMirror,
  { keys, log }: StoreReader,
  changed: ChangedRecords,
): Promise<boolean> {
  const heads = new Map<number, Head>();
  for (const put of puts) if (put.key === keys.head) heads.set(put.modRevision, readHead(put));
  for (const put of puts) {
    if (put.key === keys.head) continue;
    const group = readGroup(put);
    const relation = mirror.relationTo(group);
    if (relation === 'known') continue;
    const head = heads.get(put.modRevision);
    const follows = relation === 'next' && head?.epoch === mirror.head.epoch;
    // Parts would have to be read, and whoever waits for the mirror would wait for them.
    if (!follows || head === undefined || group.written.parts > 0) return false;
    await mirror.apply(group, await log.allOf(group), changed);
    mirror.noteHead(head, put.modRevision, put.modRevision);
  }
  return [...heads.values()].every(({ revision }) => revision <= mirror.revision);
}
