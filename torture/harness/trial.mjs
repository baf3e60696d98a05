import { join } from 'node:path';
import { Acknowledgements } from './acknowledgements.mjs';
import { BACKENDS, REFUSALS } from './backends.mjs';
import { Checker } from './checker/checker.mjs';
import { Client } from './client.mjs';
import { Inspection } from './inspection.mjs';
import { Breakdown, HANGS, isAnswer, Violation } from './outcomes.mjs';
import { Random } from './seeds.mjs';

/** Milliseconds after which a round that has not come to its end never will. */
const PATIENCE = 600_000;
/** So that the past is forgotten under faults as well, and late rounds read no more of it than early ones; but not what a round adds. */
const HISTORY = { changes: 6_000 };

/**
 * One store, and rounds in each of which some clients use it while something happens to them; after each round
 * everything is compared with what its log says.
 */
export class Trial {
  /** What was done in all rounds; `told`: how many commits watches told of, each for itself. */
  totals = { rounds: 0, operations: 0, writes: 0, commits: 0, told: 0, unknown: 0 };
  random;
  #backend;
  #place;
  #folder;
  #seed;
  #options;
  #refusals;
  #launch;
  #patience;
  #checker;
  #acknowledgements;
  /** Clients of rounds after which nobody looked at what is left. */
  #unseen = [];

  /**
   * @param {{ backend: string, place: string, folder: string, seed: number, options?: object, refusals?: readonly string[], launch?: object }} settings
   * `options` of every storage; `refusals`: codes of errors that it may meet beside those of its backend; `launch` of every process;
   * `folder` keeps what was acknowledged.
   */
  constructor({ backend, place, folder, seed, options = {}, refusals = [], launch = {} }) {
    const { patience = PATIENCE, ...rest } = launch;
    this.#patience = patience;
    this.#launch = rest;
    this.#backend = backend;
    this.#place = place;
    this.#folder = folder;
    this.#seed = seed;
    this.#options = { history: HISTORY, ...options };
    this.#refusals = [...REFUSALS[BACKENDS[backend].kind], ...refusals];
    this.random = new Random(seed);
    this.#checker = this.#newChecker();
    this.#acknowledgements = new Acknowledgements(join(folder, 'acknowledged.jsonl'));
  }

  get revision() {
    return this.#checker.timeline.revision;
  }

  /** What the store held at a revision: name, tag and revision of each record, in the order of `entries()`. */
  entries(revision) {
    return this.#checker.timeline.entries(revision);
  }

  /**
   * @param {{ clients: readonly object[], fault?: (clients: readonly Client[]) => Promise<void>, inspector?: string | null, place?: string }} round
   * `clients` are settings of each; `fault` resolves when it is over; `inspector` is the backend that looks at what
   * is left, null where nothing is to be touched, and the next round that is looked at tells of this one as well; `place` is where the clients find the store, where that is elsewhere.
   * @returns {Promise<readonly Client[]>}
   */
  async round({ clients: settings, fault, inspector = this.#backend, place }) {
    this.totals.rounds += 1;
    if (BACKENDS[this.#backend].kind === 'memory') this.#checker = this.#newChecker();
    const clients = settings.map((one, i) => this.#start(one, i, place));
    try {
      await this.#inTime(Promise.all([fault?.(clients), ...clients.map(({ ended }) => ended)]));
    } finally {
      for (const { child } of clients) if (!child.hasEnded) child.kill();
    }
    this.#assertInOrder(clients);
    this.#unseen.push(...clients);
    if (inspector !== null) this.#check(this.#unseen.splice(0), await this.#inspect(inspector, clients));
    return clients;
  }

  close() {
    this.#acknowledgements.close();
  }

  #newChecker() {
    const { bound } = BACKENDS[this.#backend];
    const kept = this.#options.history.changes;
    return new Checker({ bound, kept, refusals: this.#refusals });
  }

  #start({ launch, ...settings }, i, place = this.#place) {
    const all = {
      backend: this.#backend,
      place,
      name: `r${this.totals.rounds}c${i}`,
      seed: this.#seed,
      lanes: 1,
      inspects: BACKENDS[this.#backend].kind === 'memory',
      options: this.#options,
      ...settings,
    };
    return new Client(all, { acknowledgements: this.#acknowledgements, ...this.#launch, ...launch });
  }

  async #inTime(work) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Breakdown(this.#described(HANGS))), this.#patience);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #assertInOrder(clients) {
    for (const { fault, isSaidByStore, child, name, reached } of clients) {
      if (isSaidByStore) throw this.#violation(fault);
      if (fault !== undefined) throw new Breakdown(this.#described(fault));
      const wasKilled = child.wasKilled || (reached.length > 0 && child.signal === 'SIGKILL');
      if (!wasKilled && !child.isInOrder)
        throw new Breakdown(this.#described(`${name} ended by itself, with ${child.end}`));
    }
  }

  /** What the store holds, told by a process that comes new to it, or by the only one that can see it. */
  async #inspect(backend, [first]) {
    if (BACKENDS[this.#backend].kind === 'memory') return this.#assertRead(first.inspection, backend);
    const options = backend === this.#backend ? this.#options : {};
    const settings = { backend, place: this.#place, after: this.revision, options };
    return this.#assertRead(await this.#inTime(Inspection.of(settings, this.#launch)), backend);
  }

  #assertRead(found, backend) {
    if (found.isWhole) return found;
    const { failed, errors } = found;
    if (failed === undefined)
      throw new Breakdown(this.#described(`the inspector ended by itself: ${errors}`));
    throw this.#violation(`${backend} cannot read what is left: ${JSON.stringify(failed)}`);
  }

  #check(clients, { events, content }) {
    const checker = this.#checker;
    const operations = clients.flatMap((client) => client.operations);
    const told = clients.flatMap((client) => client.told);
    const ended = clients.flatMap((client) => client.watchFailures);
    checker.checkRound(events, operations, told, ended);
    checker.checkContent('the store', content);
    for (const { name, watches } of clients)
      for (const { after, events: told } of watches) checker.checkWatch(name, after, told);
    for (const { name, closing } of clients) {
      checker.checkClosing(name, closing);
      checker.forgetClient(name);
    }
    this.#count(operations, events, told);
    const [first] = checker.violations;
    if (first !== undefined) throw this.#violation(checker.violations.join('\n'));
  }

  #count(operations, events, told) {
    const { totals } = this;
    totals.commits += events.length;
    totals.told += told.length;
    totals.operations += operations.filter(({ to, error }) => to !== undefined && isAnswer(error)).length;
    totals.writes += operations.filter(
      ({ operation: { changes }, error }) => changes && error === undefined,
    ).length;
    totals.unknown += operations.filter(({ to }) => to === undefined).length;
  }

  #violation(text) {
    return new Violation(this.#described(text));
  }

  #described(text) {
    const where = `seed ${this.#seed}, round ${this.totals.rounds}, ${this.#backend}`;
    return `${where}: ${text}\nWhat was acknowledged: ${this.#folder}`;
  }
}
