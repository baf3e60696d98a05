import { cacheFailpoints } from './cache.mjs';

const COMMITTER = 'storage-etcd/dist/commit/committer.js';
const STAGING = 'storage-etcd/dist/commit/staging.js';
const FOLLOWER = 'storage-etcd/dist/feed/change-follower.js';
const HEARD = 'storage-etcd/dist/feed/heard-groups.js';
const OPENING = 'storage-etcd/dist/feed/open-store.js';
const ROWS = 'storage-etcd/dist/upkeep/row-writer.js';
const TRIM = 'storage-etcd/dist/upkeep/trim-log.js';

/** @type {readonly import('./index.mjs').Failpoint[]} */
export const etcdFailpoints = [
  {
    name: 'before a group is sent',
    file: COMMITTER,
    before: 'const question = this.#follower.question();',
    fails: true,
  },
  { name: 'after a group was answered', file: COMMITTER, before: 'if (answer?.succeeded === true)' },
  {
    name: 'before it is asked whether a group was made',
    file: COMMITTER,
    before: 'const follower = this.#follower;',
  },
  {
    name: 'before an own commit is known',
    file: COMMITTER,
    before: 'const isNoted = await mirror.exclusively(async () => {',
  },
  {
    name: 'before an own commit is told',
    file: COMMITTER,
    before: 'mirror.noteHead(plan.head, headMod, headMod);',
  },
  {
    name: 'before a stage is begun',
    file: STAGING,
    before: "const stage = { op: 'put', key: this.#keys.stage(this.group), value: Buffer.from('0') };",
    fails: true,
    isOfLarge: true,
  },
  {
    name: 'before texts are staged',
    file: STAGING,
    before: 'const requests = inRequests(operations);',
    fails: true,
    isOfLarge: true,
  },
  {
    name: 'before a stage is sealed',
    file: STAGING,
    before: 'this.#seals += 1;',
    fails: true,
    isOfLarge: true,
  },
  {
    name: 'after a stage was sealed',
    file: STAGING,
    before: 'const [texts, log] = ranges;',
    fails: true,
    isOfLarge: true,
  },
  {
    name: 'before the feed asks, or takes what it was answered',
    file: FOLLOWER,
    before: 'return await work();',
    fails: true,
  },
  {
    name: 'after the feed was answered',
    file: FOLLOWER,
    before: 'const head = readHead(answer.head);',
    fails: true,
  },
  {
    name: 'before a group of others is read',
    file: FOLLOWER,
    before: 'await this.mirror.apply(group, await this.#reader.log.allOf(group, at), changed);',
    fails: true,
  },
  {
    name: 'before a group that was heard of is applied',
    file: HEARD,
    before: 'await mirror.apply(group, await log.allOf(group), changed);',
    fails: true,
  },
  {
    name: 'before the head of a group that was heard of is known',
    file: HEARD,
    before: 'mirror.noteHead(head, put.modRevision, put.modRevision);',
  },
  {
    name: 'before a store is loaded',
    file: 'storage-etcd/dist/feed/load-store.js',
    before: 'const { ranges, revision } = await client.txn({',
    isOpening: true,
    fails: true,
  },
  {
    name: 'before a store is made',
    file: OPENING,
    before: 'const retention = mergeRetention(history, DEFAULT_RETENTION);',
    isOpening: true,
    fails: true,
  },
  {
    name: 'after a store was made',
    file: OPENING,
    before: 'const parts = { index: new RecordIndex(), dirty: new DirtyRows(), staged: [] };',
    isOpening: true,
    fails: true,
  },
  {
    name: 'before the log is trimmed',
    file: TRIM,
    before: 'const { kvs } = await client.range({ ...keys.groupsFrom(0), limit: PAGE_GROUPS });',
    fails: true,
  },
  {
    name: 'after it is told where the log begins',
    file: TRIM,
    before: 'let isLess = false;',
    fails: true,
    isOfPast: true,
  },
  {
    name: 'before a group is forgotten',
    file: TRIM,
    before: 'const operations = [];',
    fails: true,
    isOfPast: true,
  },
  {
    name: 'before rows are written',
    file: ROWS,
    before: 'let mod = tailMod;',
    fails: true,
    isOfPast: true,
  },
  {
    name: 'after rows were written',
    file: ROWS,
    before: 'const next = { ...tail, indexed: head.revision, indexedChanges: head.changes };',
    fails: true,
    isOfPast: true,
  },
  ...cacheFailpoints,
];
