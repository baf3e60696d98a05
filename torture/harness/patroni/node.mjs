// One machine of a cluster: Patroni, and the PostgreSQL that it starts, stops and promotes.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

export const USER = 'gati';
export const PASSWORD = 'secret';

export class PatroniNode {
  #restPort;
  #programs;
  #owner;
  #folder;
  #process;
  #output = '';

  /** @param {object} options `configuration` is Patroni's, as `configuration.mjs` makes it. */
  constructor({ name, port, restPort, programs, owner, folder, configuration }) {
    this.name = name;
    this.port = port;
    this.#restPort = restPort;
    this.#programs = programs;
    this.#owner = owner;
    this.#folder = folder;
    mkdirSync(folder);
    if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
    writeFileSync(this.#configurationFile, JSON.stringify(configuration));
    chmodSync(this.#configurationFile, 0o644);
  }

  get #configurationFile() {
    return join(this.#folder, 'patroni.json');
  }

  /** What Patroni and PostgreSQL have said last. */
  get output() {
    return this.#output;
  }

  start() {
    const { python, patroni, env } = this.#programs;
    this.#process = spawn(python, [patroni, this.#configurationFile], {
      ...this.#owner,
      cwd: this.#folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const read = (chunk) => {
      this.#output = (this.#output + chunk).slice(-50_000);
    };
    this.#process.stdout.on('data', read);
    this.#process.stderr.on('data', read);
  }

  /** As a crash of the machine. */
  async kill() {
    const patroni = this.#process;
    if (patroni.exitCode !== null || patroni.signalCode !== null) return;
    const ended = once(patroni, 'exit');
    // First Patroni, who would mend what it sees dying.
    this.#signal([patroni.pid], 'SIGKILL');
    await this.killPostgres();
    await ended;
  }

  /** PostgreSQL alone crashes, under the eyes of Patroni. */
  async killPostgres() {
    this.#signal(this.#serverProcesses(), 'SIGKILL');
  }

  /** From now on nothing is sent to standbys, as over a network that is slower than the disk. */
  async holdReplication() {
    const senders = (await this.ask('SELECT pid FROM pg_stat_replication')) ?? [];
    this.#signal(
      senders.map(({ pid }) => pid),
      'SIGSTOP',
    );
  }

  /** As a machine that hangs: connections are accepted by the kernel, and nobody answers. */
  freeze() {
    this.#signal([this.#process.pid, ...this.#serverProcesses()], 'SIGSTOP');
  }

  thaw() {
    this.#signal([...this.#serverProcesses(), this.#process.pid], 'SIGCONT');
  }

  /** Has Patroni do something. @returns {Promise<Response>} */
  tell(method, path, body) {
    return fetch(`http://127.0.0.1:${this.#restPort}/${path}`, { method, body: JSON.stringify(body) });
  }

  /** Rows of a statement; undefined where it cannot be asked within two seconds. */
  async ask(text) {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port: this.port, user: USER, password: PASSWORD, database: 'postgres' },
      ...{ connectionTimeoutMillis: 2_000, query_timeout: 2_000 },
    });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query(text)).rows;
    } catch {
      return undefined;
    } finally {
      client.connection.stream.destroy();
    }
  }

  /** The server and those that it has started. */
  #serverProcesses() {
    const server = readPid(join(this.#folder, 'data/postmaster.pid'));
    if (server === undefined) return [];
    const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(server)], { encoding: 'utf8' });
    return [server, ...stdout.trim().split(/\s+/).filter(Boolean).map(Number)];
  }

  #signal(pids, signal) {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended by itself.
      }
    }
  }
}

function readPid(file) {
  try {
    return Number(readFileSync(file, 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}
