import { isWrite } from '../operations.mjs';
import { demand, isAnswer, Violation } from '../outcomes.mjs';
import { Checker } from './checker.mjs';
import { same } from './same.mjs';

/**
 * Decides about clients that lived through a failover which lost commits: what they were told before it is of the one
 * history, what they began after it is of the other, and whoever was told of what was lost was told that it is lost.
 *
 * @param {readonly import('../client.mjs').Client[]} clients
 * @param {Fork} fork
 * @param {number} seed
 * @returns {{ acknowledged: number, lost: number, told: number }} How many commits, and how many of them are
 *   lost; how many clients were told of something that was.
 * @throws {Violation} With all that is wrong.
 *
 * @typedef {object} Fork
 * @property {Inspection} present What the new primary holds.
 * @property {number} promoted When the former one was gone, and the new one gave no answers yet.
 * @property {Inspection} [former] What the former one holds. Absent where nobody can look at it any more: then all is taken to have been
 *   there that watches told of, or that was acknowledged before `found`.
 * @property {number} [found] When the new one was seen to answer.
 * @property {number} bound How old a cached read may be, in milliseconds.
 * @property {readonly string[]} refusals
 *
 * @typedef {import('../inspection.mjs').Inspection} Inspection
 */
export function assertFork(clients, fork, seed) {
  for (const found of [fork.former, fork.present])
    if (found?.isWhole === false)
      throw new Violation(`seed ${seed}: it cannot be read: ${JSON.stringify(found.failed)} ${found.errors}`);
  const { violations, ...figures } = checkFork(clients, fork);
  if (violations.length > 0) throw new Violation(`seed ${seed}: ${violations.join('\n')}`);
  return figures;
}

/** Voids a failover in which too little was done, or in which standbys that lacked commits cost nobody anything. */
export function demandFork({ acknowledged, lost, told }, { isSynchronous, clients, least }) {
  demand(acknowledged, least, 'acknowledged commits');
  demand(lost, isSynchronous ? 0 : clients, 'acknowledged commits that were lost');
  demand(told, isSynchronous ? 0 : 1, 'clients that were told of such commits');
}

function checkFork(clients, { former, present, promoted, found, ...terms }) {
  const operations = clients.flatMap((client) => client.operations);
  const acknowledged = operations.filter((one) => isWrite(one.operation) && one.result !== undefined);
  const isThere = new Set(present.events.map(({ id }) => id));
  const events = former?.events ?? toldOf(clients, present.events);
  const known = [...events, ...(former ? [] : acknowledged.filter(({ to }) => to < found))];
  const lost = new Set(known.map(({ id }) => id).filter((id) => !isThere.has(id)));
  const isLost = ({ id, from }) => lost.has(id) && from < promoted;
  // What is sent to a primary that hangs it may do when it wakes, and tell nobody.
  const mayBeOfFormer = ({ from, operation }) => from < promoted || isWrite(operation);
  const before = operations.filter(mayBeOfFormer).map((one) => asKnownBy(promoted, one));
  const after = operations.filter((one) => !isLost(one) && (one.from > promoted || mayBeThere(one)));
  const told = clients.flatMap((client) => client.told);
  const misled = clients.filter((client) => wasToldOf(lost, client));
  const toldBefore = told.filter(({ to }) => to < promoted);
  return {
    violations: [
      ...(former ? faultsOf(former, before, toldBefore, terms) : []),
      ...faultsOf(
        present,
        after,
        told.filter((one) => one.to > promoted && isThere.has(one.id)),
        terms,
      ),
      ...clients.flatMap((client) => faultsOfWatches(client, [{ events }, present], terms.refusals)),
      ...misled
        .filter(hasNotHeard)
        .map(({ name }) => `${name} was told of commits, and not that they are lost`),
    ],
    acknowledged: acknowledged.length,
    lost: acknowledged.filter(isLost).length,
    told: misled.length,
  };
}

/** The history that clients were told of, where it goes on in another way than the one that is there. */
function toldOf(clients, present) {
  const isThere = new Set(present.map(({ id }) => id));
  const others = clients.flatMap(({ watches }) => watches.flatMap(({ events }) => events));
  const gone = others.filter(({ id }) => !isThere.has(id));
  const history = present.slice(0, Math.min(...gone.map(({ revision }) => revision)) - 1);
  for (const event of gone) history[event.revision - 1] = event;
  return history;
}

/** What came later was of whoever answers then, or of nobody. */
function asKnownBy(time, operation) {
  if (operation.to < time) return operation;
  const { to: _to, result: _result, error: _error, ...begun } = operation;
  return begun;
}

/** Of what was begun before: a read, and a refusal, may have been of the other history. */
function mayBeThere({ operation, error }) {
  return isWrite(operation) && error?.code !== 'STORAGE_CONFLICT';
}

/** @param terms Of {@link Checker}. */
function faultsOf({ events, content }, operations, told, terms) {
  const checker = new Checker(terms);
  const known = operations.filter(({ operation, to }) => to !== undefined || isWrite(operation));
  checker.checkRound(structuredClone(events), structuredClone(known), told);
  checker.checkContent('a server', content);
  return checker.violations;
}

/** A watch tells one history, and ends where that does, or when the server is away. */
function faultsOfWatches({ name, watches, watchFailures }, histories, refusals) {
  const torn = watches.filter((watch) => !histories.some((history) => isOf(history, watch)));
  const failed = watchFailures.filter(({ error }) => !isAnswer(error) && !refusals.includes(error.code));
  return [
    ...torn.map(({ after }) => `${name} was told no one history after revision ${after}`),
    ...failed.map(({ error }) => `a watch of ${name} ended with ${JSON.stringify(error)}`),
  ];
}

function isOf({ events: log }, { after, events }) {
  return events.every((event, i) => {
    const { revision, id, steps } = log[after + i] ?? {};
    return event.revision === revision && event.id === id && same(event.steps, steps);
  });
}

function wasToldOf(lost, { watches }) {
  return watches.some(({ events }) => events.some(({ id }) => lost.has(id)));
}

function hasNotHeard({ watchFailures }) {
  return !watchFailures.some(({ error }) => error.code === 'STORAGE_COMPACTED');
}
