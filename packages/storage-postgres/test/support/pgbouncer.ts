import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../../test/support/free-port.mjs';
import { unprivilegedUser } from '../../../../test/support/unprivileged-user.mjs';

const BINARY = '/usr/sbin/pgbouncer';

export const hasPgBouncer = existsSync(BINARY);

/** A real PgBouncer in transaction mode, with three connections to the server. */
export class PgBouncer {
  readonly #folder: string;
  readonly #url: URL;
  #process: ChildProcess | undefined;

  private constructor(folder: string, url: URL) {
    this.#folder = folder;
    this.#url = url;
  }

  /** @param target Connection string of the server. */
  static async start(target: string): Promise<PgBouncer> {
    const folder = mkdtempSync(join(tmpdir(), 'gati-pgbouncer-'));
    const { hostname, port, username, password } = new URL(target);
    const url = new URL(target);
    url.host = `127.0.0.1:${await freePort()}`;
    writeFileSync(join(folder, 'users'), `"${username}" "${decodeURIComponent(password)}"\n`);
    const settings = {
      listen_addr: '127.0.0.1',
      listen_port: url.port,
      unix_socket_dir: '',
      auth_type: 'scram-sha-256',
      auth_file: join(folder, 'users'),
      pool_mode: 'transaction',
      default_pool_size: 3,
      max_client_conn: 500,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
    writeFileSync(
      join(folder, 'ini'),
      ['[databases]', `* = host=${hostname} port=${port || 5432}`, '[pgbouncer]', ...lines, ''].join('\n'),
    );
    const pooler = new PgBouncer(folder, url);
    await pooler.start();
    return pooler;
  }

  get url(): string {
    return this.#url.href;
  }

  async start(): Promise<void> {
    const owner = unprivilegedUser();
    if (owner.uid !== undefined) chownSync(this.#folder, owner.uid, owner.gid);
    const stdio = ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'];
    const started = spawn(BINARY, [join(this.#folder, 'ini')], { ...owner, cwd: this.#folder, stdio });
    this.#process = started;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      started.stderr.on('data', (chunk) => {
        output += chunk;
        if (output.includes('process up')) resolve();
        output = output.slice(-20_000);
      });
      started.once('exit', (status) => reject(new Error(`pgbouncer ended with status ${status}: ${output}`)));
    });
  }

  /** At once, as a crash. */
  async kill(): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  }

  async destroy(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
