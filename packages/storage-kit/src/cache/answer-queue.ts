import type { Answer } from './answer-place.js';

/**
 * Answers in the order in which they came, bounded by the sum of their weights. A hand goes from the
 * oldest to the newest and round again: what was used since it last came by is passed over, the first
 * that was not goes (the SIEVE algorithm). So a hit moves nothing, and what is asked for once pushes out
 * nothing that is asked for again.
 */
export class AnswerQueue {
  readonly #maxWeight: number;
  #weight = 0;
  #newest: Answer | undefined;
  #oldest: Answer | undefined;
  #hand: Answer | undefined;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  /** Of all that it holds. */
  get weight(): number {
    return this.#weight;
  }

  /** Whether an answer of this weight is worth what would have to go for it. */
  hasRoomFor(weight: number): boolean {
    return weight <= this.#maxWeight / 2;
  }

  /** Adds an answer, and removes others as long as all weigh too much. */
  add(answer: Answer): void {
    answer.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = answer;
    else this.#newest.newer = answer;
    this.#newest = answer;
    this.#weight += answer.weight;
    while (this.#weight > this.#maxWeight) this.#evict(answer);
  }

  /** Removes an answer from here and from its place. */
  remove(answer: Answer): void {
    const { place, question, newer, older, weight } = answer;
    if (this.#hand === answer) this.#hand = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    this.#weight -= weight;
    if (place[question] === answer) place[question] = undefined;
    place.prune();
  }

  clear(): void {
    this.#weight = 0;
    this.#newest = undefined;
    this.#oldest = undefined;
    this.#hand = undefined;
  }

  /** @param added Stays: at most half of the bound, so something else can go. */
  #evict(added: Answer): void {
    let candidate = this.#hand ?? this.#oldest;
    while (candidate !== undefined && (candidate.isUsed || candidate === added)) {
      candidate.isUsed = false;
      candidate = candidate.newer ?? this.#oldest;
    }
    this.#hand = candidate;
    if (candidate !== undefined) this.remove(candidate);
  }
}
