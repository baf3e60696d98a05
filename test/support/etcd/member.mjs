import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** What it logs when it has joined its cluster, which has a leader. */
const READY = 'serving client traffic';

/** One real etcd, in a process of its own. */
export class EtcdMember {
  #options;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;
  #output = '';
  #ready = Promise.resolve();

  /**
   * @param {{
   *   etcd: string, name: string, folder: string, port: number, peerPort: number, peerUrl?: string,
   *   scheme?: 'http' | 'https', flags?: readonly string[], env?: NodeJS.ProcessEnv,
   * }} options `peerUrl` is what the others are told, where that is not its own port.
   */
  constructor(options) {
    this.#options = { scheme: 'http', flags: [], env: {}, ...options };
  }

  get name() {
    return this.#options.name;
  }

  get port() {
    return this.#options.port;
  }

  get url() {
    return `${this.#options.scheme}://127.0.0.1:${this.port}`;
  }

  get peerUrl() {
    return this.#options.peerUrl ?? `http://127.0.0.1:${this.#options.peerPort}`;
  }

  /** What it has logged last. */
  get output() {
    return this.#output;
  }

  /** Holds its data. */
  get folder() {
    return join(this.#options.folder, this.name);
  }

  /**
   * Starts it, again after kill() with what it had; resolves at once. {@link ready} tells when it serves.
   *
   * @param {{ peers?: readonly { name: string, peerUrl: string }[], state?: 'new' | 'existing', flags?: readonly string[],
   *   env?: NodeJS.ProcessEnv }} [cluster] `peers` and `state` are of no account where it has data.
   */
  start({ peers = [this], state = 'new', flags = [], env = {} } = {}) {
    const { etcd, peerPort, ...own } = this.#options;
    const started = spawn(
      etcd,
      [
        `--name=${this.name}`,
        `--data-dir=${this.folder}`,
        `--listen-client-urls=${this.url}`,
        `--advertise-client-urls=${this.url}`,
        `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
        `--initial-advertise-peer-urls=${this.peerUrl}`,
        `--initial-cluster=${peers.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join()}`,
        `--initial-cluster-state=${state}`,
        '--logger=zap',
        // A member can be replaced without the seconds that all others must have been well for.
        '--strict-reconfig-check=false',
        ...own.flags,
        ...flags,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...own.env, ...env } },
    );
    this.#process = started;
    this.#output = '';
    this.#ready = new Promise((resolve, reject) => {
      const read = (chunk) => {
        // A chunk may be longer than what is kept, where nobody has read for a while.
        const output = this.#output + chunk;
        if (output.includes(READY)) resolve();
        this.#output = output.slice(-20_000);
      };
      started.stdout.on('data', read);
      started.stderr.on('data', read);
      started.once('error', reject);
      started.once('exit', (status, signal) =>
        reject(new Error(`etcd ended with ${status ?? signal}: ${this.#output}`)),
      );
    });
    this.#ready.catch(() => {}); // whoever waits for it hears of it
  }

  /** Resolves when it serves: it has joined its cluster, and that has a leader. */
  ready() {
    return this.#ready;
  }

  get isRunning() {
    const { exitCode, signalCode } = this.#process ?? {};
    return exitCode === null && signalCode === null;
  }

  /** As a crash. */
  kill() {
    return this.#end('SIGKILL');
  }

  stop() {
    return this.#end('SIGTERM');
  }

  /** It hangs: connections are accepted by the kernel, and nobody answers. */
  pause() {
    this.#process?.kill('SIGSTOP');
  }

  resume() {
    this.#process?.kill('SIGCONT');
  }

  /** Takes its data away, as a disk that is gone. */
  wipe() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(signal) {
    const ending = this.#process;
    if (ending === undefined || !this.isRunning) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
  }
}
