import { Watcher } from './watcher.mjs';

/** Watchers of one storage that come and go, in each way in which a watch can begin and end. */
export class Crowd {
  /** How many have come. */
  came = 0;
  #storage;
  #random;
  #told = 0;
  #watchers = [];
  /** Outlives them: what a watch leaves behind at its signal gathers here. */
  #shared = new AbortController();

  constructor(storage, random) {
    this.#storage = storage;
    this.#random = random;
  }

  /** How many commits all of them were told, each for itself. */
  get told() {
    return this.#watchers.reduce((sum, { told }) => sum + told, this.#told);
  }

  /** Lets those go that have been there longest, and others come until there are so many. */
  async change(leaving, size) {
    const gone = this.#watchers.splice(0, leaving);
    await Promise.all(gone.map((watcher) => watcher.end()));
    for (const { told } of gone) this.#told += told;
    const { revision, oldestRevision } = await this.#storage.stats();
    while (this.#watchers.length < size) this.#watchers.push(this.#newWatcher(revision, oldestRevision));
  }

  /** Resolves when each was told of the commit. */
  async haveSeen(revision) {
    await Promise.all(this.#watchers.map((watcher) => watcher.hasSeen(revision)));
  }

  end() {
    return this.change(this.#watchers.length, 0);
  }

  #newWatcher(revision, oldest) {
    this.came += 1;
    const random = this.#random;
    // Most begin now, some in what is kept of the past, and some are made and never read.
    const back = random.chance(0.2) ? random.below(Math.floor((revision - oldest) / 2) + 1) : 0;
    if (random.chance(0.1)) this.#storage.watch({ after: revision - back });
    return new Watcher(this.#storage, revision - back, random.chance(0.5) ? this.#shared.signal : undefined);
  }
}
