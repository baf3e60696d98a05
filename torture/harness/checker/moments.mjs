/** When revisions can have come about: none before its commit was called, and none before the one before it. */
export class Moments {
  #first;
  #earliest = [];

  /**
   * @param {import('./timeline.mjs').Timeline} timeline
   * @param {number} first The first revision of this round; those before it were there when it began.
   */
  constructor(timeline, first) {
    this.#first = first;
    let earliest = Number.NEGATIVE_INFINITY;
    for (const { calledAt = earliest } of timeline.events.slice(first - 1)) {
      earliest = Math.max(earliest, calledAt);
      this.#earliest.push(earliest);
    }
  }

  /** The latest revision that there can have been at a time. */
  latestBefore(time) {
    let [low, high] = [0, this.#earliest.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#earliest[middle] < time) low = middle + 1;
      else high = middle;
    }
    return this.#first - 1 + low;
  }
}
