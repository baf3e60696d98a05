import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const FILLER = 'filler';
const CHUNK = Buffer.alloc(256 * 1024);

/**
 * A file system as small as is asked for, which only those see who are started with its `prefix`. It is in a mount namespace of
 * its own, so nobody needs the rights of root for it, and it is gone with the process that holds it.
 */
export class SmallDisk {
  #holder;
  #folder;

  constructor(holder, folder) {
    this.#holder = holder;
    this.#folder = folder;
  }

  /** Whether this machine lets an ordinary process mount file systems of its own. */
  static isPossible() {
    const { status } = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt'], {
      stdio: 'ignore',
    });
    return status === 0;
  }

  /** @param {string} folder Where it is to be. @param {number} kib */
  static async at(folder, kib) {
    const mount = `mount -t tmpfs -o size=${kib}k,mode=777 tmpfs "$0" && echo there && exec cat`;
    const holder = spawn('unshare', ['-rm', 'sh', '-c', mount, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [said] = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
    if (String(said) !== 'there\n') throw new Error(`No file system can be mounted at ${folder}`);
    return new SmallDisk(holder, folder);
  }

  /** What comes before a command that is to see it. */
  get prefix() {
    const namespaces = ['--user', '--mount', '--preserve-credentials'];
    return ['nsenter', ...namespaces, `--target=${this.#holder.pid}`];
  }

  /** Where others find a file of it. */
  path(name) {
    return join(`/proc/${this.#holder.pid}/root`, this.#folder, name);
  }

  /** Takes the room that is left. */
  fill() {
    const filler = openSync(this.path(FILLER), 'a');
    try {
      for (;;) writeSync(filler, CHUNK);
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
    } finally {
      closeSync(filler);
    }
  }

  free() {
    rmSync(this.path(FILLER), { force: true });
  }

  /** While nobody has a file of it open. @param {'ro' | 'rw'} how */
  remount(how) {
    const [command, ...args] = [...this.prefix, 'mount', '-o', `remount,${how}`, this.#folder];
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`The file system is not mounted anew: ${stderr}`);
  }

  async destroy() {
    const ended = once(this.#holder, 'exit');
    this.#holder.kill('SIGKILL');
    await ended;
  }
}
