const COMMITTER = 'storage-etcd/dist/commit/committer.js';
const FOLLOWER = 'storage-etcd/dist/feed/change-follower.js';

/** @type {readonly import('./index.mjs').SeededFault[]} */
export const etcdFaults = [
  {
    name: 'a commit is made whether or not the head is the one that it was decided for',
    experiment: 'linearizability',
    file: COMMITTER,
    find: "{ key: this.#keys.head, target: 'modRevision', is: 'equal', value: headMod },",
    replace: '',
  },
  {
    name: 'a blind retry: what was made is not looked for when the answer was lost',
    experiment: 'servers',
    form: { rounds: 3 },
    file: COMMITTER,
    find: 'if (follower.mirror.hasApplied(group.id))',
    replace: 'if (false)',
  },
  {
    name: 'the log is trimmed to nothing',
    experiment: 'linearizability',
    form: { operations: 1_600, round: 400, kept: 500 },
    file: 'storage-etcd/dist/upkeep/trim-log.js',
    find: 'if (head.changes - group.changes <= changes)',
    replace: 'if (false)',
  },
  {
    name: 'what others have changed is known and not told',
    experiment: 'linearizability',
    file: FOLLOWER,
    find: 'if (changed.any)\n                    this.#listener.changed(mirror.state, changed.all);',
    replace: ';',
  },
  {
    name: 'cached reads are served for as long as nobody says that the feed is interrupted',
    experiment: 'pauses',
    form: { rounds: 10 }, // one in four shows it
    file: FOLLOWER,
    find: 'timers.now() < this.#phase.freshUntil',
    replace: 'true',
  },
  {
    name: 'a large commit is made though not all of it could be written in advance',
    experiment: 'servers',
    form: { rounds: 6, large: 2 },
    file: 'storage-etcd/dist/commit/staging.js',
    find: 'await Promise.all(Array.from({ length: AT_ONCE }, work));',
    replace: 'await Promise.allSettled(Array.from({ length: AT_ONCE }, work));',
  },
].map((fault) => ({ backend: 'etcd', ...fault }));
