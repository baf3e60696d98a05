// Processes that write and processes that watch, and the ledger of what they say.
import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Ledger } from './ledger.mjs';
import { until } from './support.mjs';

const CALLERS = 4;

export class Crew {
  ledger = new Ledger();
  #mayLose;
  /** Of each writer: its process, how often it was acknowledged, and when last. */
  #writers;
  #watchers;

  /**
   * @param {{ url: string, mayLose: boolean, members: number, pause: number }} options So many write, and as many watch; each
   *   caller waits for `pause` milliseconds between two commits.
   */
  constructor({ url, mayLose, members, pause }) {
    this.#mayLose = mayLose;
    const names = Array.from({ length: members }, (_, i) => `${i}`);
    const mode = mayLose ? 'asynchronous' : 'synchronous';
    this.#writers = names.map((name) =>
      this.#writer(start('writer', url, `w${name}`, String(CALLERS), mode, String(pause))),
    );
    this.#watchers = names.map((name) => ({ name, process: start('watcher', url) }));
    for (const { name, process } of this.#watchers)
      process.on('message', (message) => this.ledger.ofWatcher(name, message));
  }

  /** Resolves when so many more commits of each writer were acknowledged. */
  async progress(count) {
    const goals = this.#writers.map((writer) => writer.acknowledged + count);
    await until('writers go on', () =>
      this.#writers.every(({ acknowledged }, i) => acknowledged >= goals[i]),
    );
  }

  /** Resolves with when each writer had been acknowledged again. */
  async allAcknowledged() {
    const now = performance.now();
    const times = this.#writers.map(() => undefined);
    await until('all write again', () => {
      for (const [i, { last }] of this.#writers.entries()) if (last > now) times[i] ??= last;
      return times.every((time) => time !== undefined);
    });
    return Math.max(...times);
  }

  /** Resolves when nothing is being written any more. */
  async rest() {
    for (const writer of this.#writers) writer.process.send('pause');
    const busy = () => this.#writers.filter(({ isResting }) => !isResting);
    await until('writers pause', () => busy().length === 0, 300_000).catch(async (error) => {
      for (const { process } of busy()) process.send('tell');
      await until('writers tell what they wait for', () => busy().every(({ waits }) => waits !== undefined));
      throw new Error(`${error.message}; ${busy().map(({ waits }) => waits)}`);
    });
  }

  goOn() {
    for (const writer of this.#writers) {
      writer.isResting = false;
      writer.process.send('write');
    }
  }

  /** Compares with the log while nothing is written: the ledger, what watchers were told, and what writers read. */
  async check(log) {
    const names = this.#watchers.map(({ name }) => name);
    const newest = new Map(log.map((id) => [id.slice(0, id.lastIndexOf('-')), id]));
    await until('watchers were told of everything', () => this.ledger.haveAllSeen(names, log.length));
    for (const [i, writer] of this.#writers.entries()) {
      await until(`what writer ${i} reads is what is there`, async () => {
        const answer = once(writer.answers, 'found');
        writer.process.send({ read: [...newest.keys()] });
        const [found] = await answer;
        return String(found) === String([...newest.values()]);
      });
    }
    return this.ledger.compare(log, { mayLose: this.#mayLose });
  }

  async stop() {
    const ended = this.#writers.map(({ process }) => once(process, 'exit'));
    for (const { process } of this.#writers) process.send('stop');
    await Promise.all(ended);
    this.kill();
  }

  kill() {
    for (const { process } of [...this.#writers, ...this.#watchers]) process.kill('SIGKILL');
  }

  #writer(process) {
    const writer = { process, answers: new EventEmitter(), acknowledged: 0, last: 0, isResting: false };
    process.on('message', (message) => {
      this.ledger.ofWriter(message);
      if (message.acknowledged !== undefined) {
        writer.acknowledged += 1;
        writer.last = performance.now();
      }
      if (message.paused) writer.isResting = true;
      if (message.waits !== undefined) writer.waits = message.waits;
      if (message.found !== undefined) writer.answers.emit('found', message.found);
    });
    return writer;
  }
}

function start(script, ...args) {
  return fork(fileURLToPath(new URL(`./${script}.mjs`, import.meta.url)), args);
}
