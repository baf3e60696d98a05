/** What is known to have been the case: no operation that begins later can have happened before it. */
export class Floors {
  /** By client. */
  #seen = new Map();
  /** Times at which it rose for all, and to what, ascending. */
  #times = [Number.NEGATIVE_INFINITY];
  #revisions = [0];

  /** What anybody has been told. */
  get ofAll() {
    return this.#revisions.at(-1);
  }

  /** What this client has been told. */
  of(client) {
    return this.#seen.get(client) ?? 0;
  }

  /** What anybody had been told at a time. */
  at(time) {
    let [low, high] = [0, this.#times.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#times[middle] <= time) low = middle;
      else high = middle;
    }
    return this.#revisions[low];
  }

  raise({ client, to }, revision) {
    if (revision > this.of(client)) this.#seen.set(client, revision);
    if (revision <= this.ofAll) return;
    this.#times.push(to);
    this.#revisions.push(revision);
  }

  forget(client) {
    this.#seen.delete(client);
  }
}
