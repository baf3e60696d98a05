import { timers } from '@gati-framework/manifest-store/backend';
import type { EtcdClient } from '../client/etcd-client.js';
import { inRequests, nest } from '../commit/operations.js';
import type { StoreMirror } from '../feed/store-mirror.js';
import { writeEnd } from '../store/ends.js';
import type { StoreKeys } from '../store/keys.js';
import { replacedBy } from '../store/log.js';
import { isInLog, type LogReader, PAGE_GROUPS, type ReadGroup, readGroup } from '../store/read-log.js';
import type { Compare } from '../wire/compare.js';
import type { Operation } from '../wire/messages.js';
import { writeRows } from './row-writer.js';

/** What trimming works on. */
export interface TrimSources {
  readonly client: EtcdClient;
  readonly keys: StoreKeys;
  readonly log: LogReader;
  readonly mirror: StoreMirror;
}

/**
 * Forgets the oldest groups, as many as the store need not keep, and the texts that nobody needs without them. First the
 * tail says that they are no longer told; what is left where this is cut short, the next one finds at the beginning of the log.
 *
 * @param isWanted Asked before each step.
 */
export async function trimLog(sources: TrimSources, isWanted: () => boolean): Promise<void> {
  const { client, keys } = sources;
  while (isWanted()) {
    const { kvs } = await client.range({ ...keys.groupsFrom(0), limit: PAGE_GROUPS });
    const page = kvs.map(readGroup);
    const forgotten = await forgettable(sources, page);
    const last = forgotten.at(-1);
    if (last === undefined) return;
    if (!(await moveTail(sources, last))) return;
    let isLess = false;
    for (const group of forgotten) {
      if (!isWanted()) return;
      isLess = (await forget(sources, group)) || isLess;
    }
    if (!isLess || forgotten.length < page.length) return;
  }
}

/** The first groups of a page that are no longer kept, or need not be. */
async function forgettable(
  { log, mirror }: TrimSources,
  page: readonly ReadGroup[],
): Promise<readonly ReadGroup[]> {
  const { head, tail } = mirror;
  const { changes, age } = tail.retention;
  const forgotten: ReadGroup[] = [];
  for (const group of page) {
    if (group.last > tail.oldest) {
      if (head.changes - group.changes <= changes) break;
      if (age > 0 && (await committedAt(log, group)) > timers.wallClock() - age) break;
    }
    forgotten.push(group);
  }
  return forgotten;
}

/** Of its last commit. */
async function committedAt(log: LogReader, group: ReadGroup): Promise<number> {
  let time = 0;
  for await (const commit of log.commitsOf(group, { maxChanges: 0 }))
    time = Math.max(time, commit.committedAt);
  return time;
}

/** Whether the log begins behind this group now; false: somebody else is at it. */
async function moveTail({ client, keys, mirror }: TrimSources, { last }: ReadGroup): Promise<boolean> {
  if (mirror.tail.oldest >= last) return true;
  if (mirror.tail.indexed < last && !(await writeRows(client, keys, mirror))) return false;
  const { head, tail, tailMod } = mirror;
  if (tail.indexed < last) return false;
  const next = { ...tail, oldest: last };
  const { succeeded, revision } = await client.txn({
    compare: [
      { key: keys.tail, target: 'modRevision', is: 'equal', value: tailMod },
      ...isInLog(keys, { last: head.revision, id: head.group }),
    ],
    success: [{ op: 'put', key: keys.tail, value: writeEnd(next) }],
  });
  if (succeeded) await mirror.exclusively(() => mirror.noteTail(next, revision));
  return succeeded;
}

/**
 * The group goes last: as long as it is there, it tells what else is to go. Nothing goes where a snapshot was restored meanwhile:
 * the tail is older there, or the group is another one.
 *
 * @returns Whether it was there.
 */
async function forget({ client, keys, log, mirror }: TrimSources, group: ReadGroup): Promise<boolean> {
  if (mirror.tail.oldest < group.last) return false;
  const compare: Compare[] = [
    { key: keys.tail, target: 'modRevision', is: 'greater', value: mirror.tailMod - 1 },
    ...isInLog(keys, group),
  ];
  const operations: Operation[] = [];
  for await (const { changes } of log.commitsOf(group)) {
    for (const change of changes) {
      for (const { text, pieces } of replacedBy(change)) {
        operations.push(
          pieces === 1 ? { op: 'delete', key: keys.text(text) } : { op: 'delete', ...keys.pieces(text) },
        );
      }
    }
  }
  const end: Operation[] = [{ op: 'delete', key: keys.group(group.last) }];
  if (group.written.parts > 0) end.push({ op: 'delete', ...keys.parts(group.id) });
  for (const request of inRequests([...operations, ...end]))
    if (!(await client.txn({ compare, success: nest(request) })).succeeded) return false;
  return true;
}
