import { History } from './history.mjs';
import { Inspection } from './inspection.mjs';
import { isWrite } from './operations.mjs';
import { Child } from './processes.mjs';

/** A client in a process of its own, and all that it did as far as it told. */
export class Client {
  /** What its watches were told, each from where it began. */
  watches = [];
  /** What they ended with, each before the next one began: after which revision, and when. */
  watchFailures = [];
  crashes = [];
  /** What the last closing failed with. */
  closing;
  /** Calls of which one was to fail: how many there were. */
  calls = 0;
  /** Which of them failed, and names of failpoints that it came to. */
  reached = [];
  name;
  /** Of one that tells what its store holds. */
  inspection = new Inspection();
  #child;
  #history;
  #waiting = [];

  /**
   * @param {object} settings Of `child/client.mjs`, or of another `script` there that tells of operations.
   * @param {object} [options] Of {@link Child}.
   */
  constructor({ script = 'client.mjs', ...settings }, options) {
    this.name = settings.name;
    this.#history = new History(settings.name);
    this.#child = new Child(script, settings, options);
    this.#child.on('line', (line) => {
      this.inspection.hear(line);
      this.#hear(line);
    });
    this.ended = this.#child.ended.then(() => this.#settle());
  }

  get child() {
    return this.#child;
  }

  /** Each operation that was answered, and each write that was begun. */
  get operations() {
    return this.#history.operations;
  }

  /** How many operations were answered. */
  get answers() {
    return this.#history.answers;
  }

  /** When its watches told it of commits. */
  get told() {
    return this.watches.flatMap(({ events, times }) =>
      events.map(({ revision, id }, i) => ({ client: this.name, to: times[i], revision, id })),
    );
  }

  /** Resolves when so many operations were answered, or it has ended. */
  answered(count) {
    if (this.answers >= count || this.#child.hasEnded) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  /** Resolves when each write that it began before this time was answered, or it has ended. */
  async answeredUntil(time) {
    const isOpen = ({ from, to }) => from < time && to === undefined;
    while (this.operations.some(isOpen) && !this.#child.hasEnded) await this.answered(this.answers + 1);
  }

  /** Resolves when a write that it began after this time was acknowledged, or it has ended. */
  async wroteSince(time) {
    const isSuch = ({ from, operation, result }) => from > time && result !== undefined && isWrite(operation);
    while (!this.operations.some(isSuch) && !this.#child.hasEnded) await this.answered(this.answers + 1);
  }

  /** What went wrong with the process itself, if anything did. */
  get fault() {
    const [crash] = this.crashes;
    if (crash !== undefined) return `${this.name} failed: ${JSON.stringify(crash)}`;
    if (this.#child.errors !== '') return `${this.name} wrote: ${this.#child.errors}`;
    return undefined;
  }

  /** Whether that is what the store said, and not what becomes of code that does not run. */
  get isSaidByStore() {
    return this.crashes[0]?.code !== undefined;
  }

  #settle() {
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  #hear(line) {
    if (this.#history.hear(line)) this.#answered();
    else if (line.watch !== undefined) this.watches.push({ after: line.after, events: [], times: [] });
    else if (line.told !== undefined) this.#told(line);
    else if (line.watchFailed !== undefined) this.#watchFailed(line);
    else if (line.crash !== undefined) this.crashes.push(line.crash);
    else if (line.closing !== undefined) this.closing = line.closing;
    else if (line.reached !== undefined) this.reached.push(line.reached);
    else if (line.calls !== undefined) this.calls = line.calls;
  }

  #answered() {
    const isDue = ({ count }) => count <= this.answers;
    const due = this.#waiting.filter(isDue);
    this.#waiting = this.#waiting.filter((one) => !isDue(one));
    for (const { resolve } of due) resolve();
  }

  #watchFailed({ watchFailed: error, after, at }) {
    this.watchFailures.push({ client: this.name, error, after, to: at });
  }

  #told({ told, at }) {
    const watch = this.watches.at(-1);
    watch.events.push(told);
    watch.times.push(at);
  }
}
