// What was acknowledged and what was told, compared with what is there.
import { createPostgresStorage } from '@gati-framework/storage-postgres';

export class Ledger {
  /** By id of the commit: what its writer heard, and `begun` until then. */
  #fates = new Map();
  /** What each watcher knows: ids by revision, without gaps. */
  #views = new Map();
  #faults = [];
  #codes = new Map();
  replacements = 0;

  /** Takes down what a writer says. */
  ofWriter({ begun, acknowledged, revision, failed, code, message, stale, crash }) {
    if (begun !== undefined) this.#fates.set(begun, { state: 'begun' });
    if (acknowledged !== undefined) this.#fates.set(acknowledged, { state: 'acknowledged', revision });
    if (failed !== undefined) {
      this.#fates.set(failed, { state: code === 'STORAGE_IN_DOUBT' ? 'in doubt' : 'failed', code });
      this.#codes.set(code, { count: (this.#codes.get(code)?.count ?? 0) + 1, message });
    }
    if (stale !== undefined) this.#faults.push(stale);
    if (crash !== undefined) this.#faults.push(`a writer had an unhandled rejection: ${crash}`);
  }

  /** Takes down what a watcher says. */
  ofWatcher(watcher, { revision, id, replaced, crash }) {
    const view = this.#views.get(watcher) ?? [];
    this.#views.set(watcher, view);
    if (crash !== undefined) this.#faults.push(`watcher ${watcher}: ${crash}`);
    if (replaced) {
      this.replacements += 1;
      view.length = 0;
    }
    if (revision === undefined) return;
    if (revision !== view.length + 1)
      this.#faults.push(`watcher ${watcher}: revision ${revision} follows ${view.length}`);
    view[revision - 1] = id;
  }

  /** How many writes failed, by code, each with a message. */
  get failures() {
    return Object.fromEntries(this.#codes);
  }

  /** Whether every watcher has been told of everything up to the revision. */
  haveAllSeen(watchers, revision) {
    return watchers.every((watcher) => (this.#views.get(watcher)?.length ?? 0) >= revision);
  }

  /**
   * Compares with the log, as a storage reads it that was never connected before. Throws at the first thing that
   * ought not to be.
   *
   * @param {{ mayLose: boolean }} options Whether acknowledged commits may be lost; then their number is told.
   */
  compare(log, { mayLose }) {
    const [fault] = this.#faults;
    if (fault !== undefined) throw new Error(this.#faults.join('\n'));
    const revisions = new Map();
    for (const [i, id] of log.entries()) {
      if (revisions.has(id)) throw new Error(`${id} was made twice: ${revisions.get(id)} and ${i + 1}`);
      if (!this.#fates.has(id)) throw new Error(`${id} is there and nobody wrote it`);
      revisions.set(id, i + 1);
    }
    const counts = { acknowledged: 0, failed: 0, 'in doubt': 0, begun: 0, lost: 0 };
    for (const [id, fate] of this.#fates) {
      counts[fate.state] += 1;
      counts.lost += isLost(id, fate, revisions.get(id), mayLose) ? 1 : 0;
    }
    for (const [watcher, view] of this.#views) {
      const at = log.findIndex((id, i) => view[i] !== id);
      if (at !== -1)
        throw new Error(`watcher ${watcher} was told of ${view[at]} as ${at + 1}, which is ${log[at]}`);
    }
    return counts;
  }
}

function isLost(id, { state, revision, code }, found, mayLose) {
  if (state === 'failed' && found !== undefined) throw new Error(`${id} failed with ${code} and is there`);
  if (state !== 'acknowledged' || found === revision) return false;
  if (!mayLose) throw new Error(`${id} was acknowledged as ${revision} and is ${found ?? 'lost'}`);
  return true;
}

/** The id of every commit, by revision. Each is whole, and none is left out. */
export async function readLog(connectionString) {
  const storage = createPostgresStorage({ connectionString, retryTimeout: 60_000, log: () => {} });
  try {
    const { revision: last } = await storage.stats();
    const ids = [];
    if (last === 0) return ids;
    for await (const { revision, changes } of storage.watch({ after: 0 })) {
      if (revision !== ids.length + 1) throw new Error(`revision ${revision} follows ${ids.length}`);
      const [id, ...others] = new Set(changes.map(({ value }) => value.currentVersion ?? value.description));
      if (others.length > 0 || changes.length !== 2)
        throw new Error(`revision ${revision} is not one whole commit`);
      ids.push(id);
      if (revision === last) return ids;
    }
    throw new Error('the watch ended');
  } finally {
    await storage.close();
  }
}
