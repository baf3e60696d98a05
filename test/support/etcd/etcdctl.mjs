import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Speaks to a cluster as an operator does. */
export class Etcdctl {
  #binary;
  #flags;

  /**
   * @param {string} binary
   * @param {readonly string[]} flags such as `--endpoints=...`
   */
  constructor(binary, flags) {
    this.#binary = binary;
    this.#flags = flags;
  }

  /** The same with more to say before each command. */
  with(...flags) {
    return new Etcdctl(this.#binary, [...this.#flags, ...flags]);
  }

  /**
   * What it prints. Rejects with what it complains of.
   *
   * @param {...string} command
   */
  async run(...command) {
    const { stdout } = await run(this.#binary, [...this.#flags, ...command], {
      env: { ...process.env, ETCDCTL_API: '3' },
    });
    return stdout;
  }

  /**
   * What it prints as JSON.
   *
   * @param {...string} command
   */
  async ask(...command) {
    return JSON.parse(await this.run('--write-out=json', ...command));
  }

  /** Lets nobody in but root and, for what begins with the prefix, the user. */
  async demandUsers({ user, password, prefix, rootPassword = 'root-secret' }) {
    await this.run('user', 'add', `root:${rootPassword}`);
    await this.run('role', 'add', 'root');
    await this.run('user', 'grant-role', 'root', 'root');
    await this.run('role', 'add', 'of-prefix');
    await this.run('role', 'grant-permission', '--prefix=true', 'of-prefix', 'readwrite', prefix);
    await this.run('user', 'add', `${user}:${password}`);
    await this.run('user', 'grant-role', user, 'of-prefix');
    await this.run('auth', 'enable');
    return this.with(`--user=root:${rootPassword}`);
  }
}
