import { KINDS, kindOrder, LISTS } from '../operations.mjs';
import { SLOTS, slotOf } from '../records.mjs';

/**
 * What a store was at each revision, as its log tells: the model that everything is compared with. For each slot the
 * revisions at which it changed, so that any moment is found by a search and nothing is replayed.
 */
export class Timeline {
  /** @type {{ revision: number, id: string, steps: unknown[][] }[]} The commit of revision 1 is the first. */
  events = [];
  /** How many changes there are up to and with each revision. */
  #changes = [0];
  #places = 0;
  #versions = new Map(SLOTS.map(({ name }) => [name, []]));

  get revision() {
    return this.events.length;
  }

  /** @returns {string | undefined} What is wrong with it, if anything. */
  add(event) {
    if (event.revision !== this.revision + 1) return `revision ${event.revision} follows ${this.revision}`;
    this.events.push(event);
    this.#changes.push(this.#changes.at(-1) + event.steps.length);
    for (const [what, name, tag] of event.steps) {
      if (what === 'clear')
        for (const slot of this.#versions.keys()) this.#change(slot, event.revision, null);
      else if (what === 'delete') this.#change(name, event.revision, null);
      else this.#change(name, event.revision, tag);
    }
    return undefined;
  }

  #change(name, revision, tag) {
    const versions = this.#versions.get(name);
    const before = versions.at(-1);
    const isThere = before !== undefined && before.tag !== null;
    if (tag === null && !isThere) return;
    // What replaces a record keeps its place in every order.
    if (tag !== null && !isThere) this.#places += 1;
    versions.push({ revision, tag, place: isThere && tag !== null ? before.place : this.#places });
  }

  /** How many changes were made after a revision, up to another one. */
  changesBetween(after, upTo) {
    return this.#changes[Math.min(upTo, this.revision)] - this.#changes[after];
  }

  /** What a slot held at a revision, or `undefined`. */
  at(name, revision) {
    const versions = this.#versions.get(name);
    let [low, high] = [0, versions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (versions[middle].revision <= revision) low = middle + 1;
      else high = middle;
    }
    const found = versions[low - 1];
    return found === undefined || found.tag === null ? undefined : found;
  }

  revisionOf(name, revision) {
    return this.at(name, revision)?.revision ?? null;
  }

  tag(name, revision) {
    return this.at(name, revision)?.tag ?? null;
  }

  entry(name, revision) {
    const found = this.at(name, revision);
    return found === undefined ? null : [found.tag, found.revision];
  }

  tags(list, revision) {
    const { slots, isByTime, isLast } = LISTS[list];
    const found = this.#inOrder(slots, revision);
    if (isByTime) found.sort((a, b) => slotOf(a.name).createdAt - slotOf(b.name).createdAt);
    const tags = found.map(({ tag }) => tag);
    return isLast ? tags.slice(-1) : tags;
  }

  entries(revision) {
    const names = SLOTS.map(({ name }) => name);
    return this.#inOrder(names, revision)
      .sort((a, b) => kindOrder(a.name) - kindOrder(b.name))
      .map(({ name, tag, revision: written }) => [name, tag, written]);
  }

  counts(revision) {
    const counts = KINDS.map(() => 0);
    for (const { name } of SLOTS) if (this.at(name, revision) !== undefined) counts[kindOrder(name)] += 1;
    return counts;
  }

  #inOrder(names, revision) {
    return names
      .map((name) => ({ name, ...this.at(name, revision) }))
      .filter(({ tag }) => tag !== undefined)
      .sort((a, b) => a.place - b.place);
  }
}
