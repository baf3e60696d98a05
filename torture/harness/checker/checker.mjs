import { isCachedRead, isWrite } from '../operations.mjs';
import { isAnswer } from '../outcomes.mjs';
import { faultOfPast, holds, momentOf, refusedAt } from './expected.mjs';
import { Floors } from './floors.mjs';
import { Moments } from './moments.mjs';
import { same } from './same.mjs';
import { Timeline } from './timeline.mjs';

/** After these nobody knows whether a commit was made. */
const UNKNOWN = new Set(['STORAGE_IN_DOUBT', 'STORAGE_FAILED']);
/** Descriptions of violations that are kept; one is enough. */
const MOST_VIOLATIONS = 20;

/**
 * Decides whether histories of many clients are those of one store in which each operation happened at one moment
 * between its call and its answer.
 *
 * The order of the commits is known, as each has its revision, so this takes no search: every operation in the order of
 * their answers takes the earliest moment that it can have, not before anything that had been answered when it was
 * called. Cached reads may be as late as `bound`, but not later than what their own client has seen.
 */
export class Checker {
  violations = [];
  timeline = new Timeline();
  #bound;
  #kept;
  #refusals;
  /** Of writes that are not in the log yet, by id: they may still come there. */
  #open = new Map();
  /** Revisions of those that are, by id. */
  #made = new Map();
  #floors = new Floors();

  /**
   * @param {{ bound?: number, kept?: number, refusals?: readonly string[] }} [options] `bound`: how old a cached read may be, in
   * milliseconds; `kept`: how many changes of the past the store keeps at least; `refusals`: codes of errors that say nothing of
   * the store, and may be met all the same.
   */
  constructor({ bound = 0, kept = Number.POSITIVE_INFINITY, refusals = [] } = {}) {
    this.#bound = bound;
    this.#kept = kept;
    this.#refusals = new Set(refusals);
  }

  /**
   * @param {readonly object[]} events What the log tells after the last round.
   * @param {readonly object[]} operations Of all clients of this round.
   * @param {readonly { client: string, to: number, revision: number }[]} [told] When watches told of commits.
   * @param {readonly { client: string, to: number, after: number, error: object }[]} [ended] Watches that ended with an error.
   */
  checkRound(events, operations, told = [], ended = []) {
    for (const operation of operations)
      if (isWrite(operation.operation)) this.#open.set(operation.id, operation);
    const first = this.timeline.revision + 1;
    for (const event of events) this.#addCommit(event);
    const moments = new Moments(this.timeline, first);
    for (const { what, operation } of inOrder(operations, told)) {
      if (what === 'call') this.#called(operation);
      else if (what === 'told') this.#floors.raise(operation, operation.revision);
      else this.#answered(operation, moments);
    }
    for (const one of ended) this.#checkEnd(one, moments);
  }

  /** What a client was told of commits is what the log tells. */
  checkWatch(client, after, events) {
    let expected = after;
    for (const event of events) {
      expected += 1;
      const { id, steps } = this.timeline.events[expected - 1] ?? {};
      const isRight = event.revision === expected && event.id === id && same(event.steps, steps);
      if (!isRight)
        this.#violation(`${client} was told ${JSON.stringify(event)} after revision ${expected - 1}`);
      if (event.revision !== expected) return;
    }
  }

  /** What is there in the end is what the log leads to. */
  checkContent(who, { revision, entries, counts }) {
    const { timeline } = this;
    if (revision !== timeline.revision)
      this.#violation(`${who} tells revision ${revision} of ${timeline.revision}`);
    const expected = timeline.entries(timeline.revision);
    if (!same(entries, expected))
      this.#violation(`${who} holds ${JSON.stringify(entries)} and not ${JSON.stringify(expected)}`);
    if (!same(counts, timeline.counts(timeline.revision)))
      this.#violation(`${who} counts ${JSON.stringify(counts)}`);
  }

  /** Closing may be refused as calls are, and for no other reason. */
  checkClosing(client, error) {
    if (error !== undefined && !this.#isRefusal(error))
      this.#violation(`${client} could not close: ${JSON.stringify(error)}`);
  }

  /** Nothing of this client is under way any more, and the next one of its name has seen nothing. */
  forgetClient(client) {
    this.#floors.forget(client);
  }

  #violation(text) {
    if (this.violations.length < MOST_VIOLATIONS) this.violations.push(text);
  }

  #addCommit(event) {
    const { id, revision, steps } = event;
    const fault = this.timeline.add(event);
    if (fault !== undefined) return this.#violation(`the log has a gap: ${fault}`);
    if (this.#made.has(id)) this.#violation(`${id} was made twice: ${this.#made.get(id)} and ${revision}`);
    const write = this.#open.get(id);
    this.#open.delete(id);
    this.#made.set(id, revision);
    if (write === undefined) return this.#violation(`revision ${revision} is ${id}, which nobody wrote`);
    write.made = revision;
    event.calledAt = write.from;
    const { changes } = write.operation;
    const expected = changes.map(([what, slot]) => (what === 'put' ? [what, slot, id] : [what, slot]));
    if (!sameSteps(steps, expected))
      this.#violation(
        `${id} is not whole at ${revision}: ${JSON.stringify(steps)}, not ${JSON.stringify(expected)}`,
      );
    if (!holds(this.timeline, write.operation, revision - 1))
      this.#violation(`${id} was made at ${revision}, where its expectation does not hold`);
    return undefined;
  }

  #called(operation) {
    const { client, from } = operation;
    operation.low = isCachedRead(operation.operation)
      ? Math.max(this.#floors.of(client), this.#floors.at(from - this.#bound))
      : this.#floors.ofAll;
    const { made } = operation;
    if (made !== undefined && made <= operation.low)
      this.#violation(
        `${describe(operation)} is at ${made}, before ${operation.low}, which had been seen when it began`,
      );
  }

  #answered(operation, moments) {
    const { error } = operation;
    if (error?.isFault) return this.#violation(`${describe(operation)} ended in no StorageError`);
    if (!isAnswer(error) && !this.#isRefusal(error))
      return this.#violation(`${describe(operation)} was refused for no reason`);
    if (error?.code === 'STORAGE_COMPACTED') return this.#forgotten(operation, moments);
    if (isWrite(operation.operation)) return this.#wrote(operation, moments);
    if (!isAnswer(error)) return undefined;
    if (operation.operation.at !== undefined) {
      const fault = faultOfPast(this.timeline, operation);
      return fault === undefined ? undefined : this.#violation(`${describe(operation)}: ${fault}`);
    }
    return this.#saw(operation, momentIn(this.timeline, operation), moments);
  }

  #wrote(operation, moments) {
    const { id, error, result, made } = operation;
    if (error === undefined) {
      if (made === undefined) return this.#violation(`${describe(operation)} was acknowledged and is lost`);
      if (result.revision !== null && result.revision !== made)
        this.#violation(`${describe(operation)} was acknowledged at another revision than ${made}`);
      return this.#floors.raise(operation, made);
    }
    if (UNKNOWN.has(error.code)) return undefined;
    if (this.#made.has(id)) return this.#violation(`${describe(operation)} was refused and is there`);
    this.#open.delete(id);
    if (error.code === 'STORAGE_CONFLICT')
      return this.#saw(operation, refusedAt(this.timeline, operation), moments);
    return undefined;
  }

  /** The past may be forgotten, but not too early. */
  #forgotten(operation, moments) {
    const { at } = operation.operation;
    const high = moments.latestBefore(operation.to);
    if (at > operation.low && at > high) return;
    if (this.#mayBeForgotten(at, high)) return;
    this.#violation(`${describe(operation)} was forgotten, with the store at ${high} at the latest`);
  }

  /** A watch may fall behind what is kept, and the store may not be reached. */
  #checkEnd({ client, after, to, error }, moments) {
    if (this.#isRefusal(error)) return;
    const high = moments.latestBefore(to);
    if (error.code === 'STORAGE_COMPACTED' && this.#mayBeForgotten(after, high)) return;
    this.#violation(
      `a watch of ${client} after ${after} ended with ${JSON.stringify(error)}, with the store at ${high} at the latest`,
    );
  }

  /** What happened after a revision. */
  #mayBeForgotten(revision, high) {
    return this.timeline.changesBetween(Math.min(revision + 1, high), high) > this.#kept;
  }

  #isRefusal({ code }) {
    return this.#refusals.has(code);
  }

  #saw(operation, isMoment, moments) {
    const high = moments.latestBefore(operation.to);
    for (let revision = operation.low; revision <= high; revision++) {
      if (isMoment(revision)) return this.#floors.raise(operation, revision);
    }
    return this.#violation(`${describe(operation)} fits no moment from revision ${operation.low} to ${high}`);
  }
}

function momentIn(timeline, operation) {
  return operation.error === undefined ? momentOf(timeline, operation) : refusedAt(timeline, operation);
}

/** A batch may put a slot twice; the log tells each step. */
function sameSteps(steps, expected) {
  return same(
    steps.map((step) => step.filter((part) => part !== undefined)),
    expected.map((step) => step.filter((part) => part !== undefined)),
  );
}

/** Calls and answers by time; of what happened at once, the calls first. */
function inOrder(operations, told) {
  const points = told.map((operation) => ({ time: operation.to, what: 'told', operation }));
  for (const operation of operations) {
    points.push({ time: operation.from, what: 'call', operation });
    if (operation.to !== undefined) points.push({ time: operation.to, what: 'answer', operation });
  }
  const rank = ({ what }) => (what === 'call' ? 0 : 1);
  return points.sort((a, b) => a.time - b.time || rank(a) - rank(b));
}

function describe({ id, operation, result, error }) {
  return `${id} ${JSON.stringify(operation)} -> ${JSON.stringify(error ?? result)}`;
}
