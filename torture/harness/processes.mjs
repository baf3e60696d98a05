import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { BACKENDS } from './backends.mjs';
import { scriptPath } from './bundle.mjs';

/** A process of the rig that tells what it does, line by line, and can be killed, stopped and resumed. */
export class Child extends EventEmitter {
  #process;
  #isReady;
  #rest = '';
  #errors = '';
  #isToDie = false;
  /** Resolves when it has ended and everything that it told was heard. */
  ended;

  /**
   * @param {string} script In `child/`.
   * @param {{ backend: string }} settings
   * @param {{ prefix?: readonly string[], nodeOptions?: readonly string[], env?: NodeJS.ProcessEnv, acknowledgements?: import('./acknowledgements.mjs').Acknowledgements }} [options]
   *   `prefix`: what comes before the command.
   */
  constructor(script, settings, { prefix = [], nodeOptions = [], env = {}, acknowledgements } = {}) {
    super();
    const path = scriptPath(script, nodeOptions.length > 0);
    const { execPath, execArgv = [] } = BACKENDS[settings.backend];
    const node = [execPath, ...execArgv, ...nodeOptions];
    const [command, ...args] = [...prefix, ...node, path, JSON.stringify(settings)];
    this.#process = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...env },
    });
    this.#process.stderr.on('data', (data) => {
      this.#errors = (this.#errors + data).slice(-5_000);
    });
    this.#process.stdio[3].on('data', (data) => this.#hear(data, acknowledgements));
    this.#process.on('error', () => {}); // of a message to one that has been killed
    this.#isReady = new Promise((resolve) => this.#process.once('message', resolve));
    this.ended = once(this.#process, 'close');
  }

  #hear(data, acknowledgements) {
    const lines = (this.#rest + data).split('\n');
    this.#rest = lines.pop();
    if (lines.length === 0) return;
    acknowledgements?.keep(`${lines.join('\n')}\n`);
    for (const line of lines) this.emit('line', JSON.parse(line));
  }

  get pid() {
    return this.#process.pid;
  }

  /** What it wrote to its standard error. */
  get errors() {
    return this.#errors;
  }

  get hasEnded() {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** Whether `kill` has ended it: it may have ended before. */
  get wasKilled() {
    return this.#isToDie && this.signal === 'SIGKILL';
  }

  get signal() {
    return this.#process.signalCode;
  }

  /** Its status, or the signal that ended it. */
  get end() {
    return this.#process.exitCode ?? this.signal;
  }

  /** Whether it ended by itself and in order. */
  get isInOrder() {
    return this.#process.exitCode === 0;
  }

  kill() {
    this.#isToDie = true;
    this.#process.kill('SIGKILL');
  }

  /** @param {NodeJS.Signals} name Of one that it listens to. */
  send(name) {
    this.#process.kill(name);
  }

  stop() {
    this.#process.kill('SIGSTOP');
  }

  resume() {
    this.#process.kill('SIGCONT');
  }

  /** Resolves when it has loaded everything, before it opens a store. */
  async whenReady() {
    await Promise.race([this.#isReady, this.ended]);
  }

  /** To one that waits, it says that it may begin; to one that is at work, that it is to end. */
  tell(word = 'go') {
    if (this.#process.connected) this.#process.send(word, () => {});
  }
}
