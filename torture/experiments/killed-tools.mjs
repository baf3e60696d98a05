import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runSql } from '../../test/support/run-sql.mjs';
import { BACKENDS } from '../harness/backends.mjs';
import { demand, Violation } from '../harness/outcomes.mjs';
import { Child } from '../harness/processes.mjs';
import { Random } from '../harness/seeds.mjs';
import { storeFor } from '../harness/stores.mjs';

const TOOLS = ['copy', 'restore', 'rollback', 'prune'];
/** Whether a tool begins with the records of `toolRecords`, or with an empty store. */
const BEGINS_FILLED = { copy: false, restore: false, rollback: true, prune: true };
/** A kill within a commit comes this much later than the commit has taken, at the latest. */
const LATEST = 1.3;
const OTHER_SESSIONS = `SELECT 1 FROM pg_stat_activity
  WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()`;

export default {
  name: 'killed-tools',
  proves:
    'A copy, a restore, a rollback or a pruning that is killed with SIGKILL, after any number of its changes or while they are ' +
    'committed, has happened as a whole or not at all, and can be done again.',
  backends: ['better-sqlite3', 'node-sqlite', 'sqljs', 'postgres', 'etcd'],
  forms: { short: { kills: 2 }, long: { kills: 50 } },
  run,
};

async function run({ backend, seed, folder, form: { kills }, print }) {
  const material = { source: join(folder, 'source.db'), archive: join(folder, 'source.jsonl') };
  await finished({ backend: 'sqljs', place: material.source, tool: 'source', archive: material.archive });
  // Each has a store of its own, and waits for its processes most of the time.
  const tried = await Promise.all(
    TOOLS.map(async (tool) => {
      const subject = new Subject({ ...(await newStore(backend, folder, tool)), ...material }, seed);
      await subject.killed(kills);
      print(`${tool}: ${JSON.stringify(subject.counts)}`);
      demand(subject.counts.killed, Math.floor(kills / 2), `processes killed in a ${tool}`);
      return [tool, subject.counts];
    }),
  );
  return Object.fromEntries(tried);
}

async function newStore(backend, folder, tool) {
  const { place } = await storeFor(backend, join(folder, tool));
  // So that its sessions are told apart.
  return { backend, tool, place: hasSessions(backend) ? `${place}&application_name=${tool}` : place };
}

function hasSessions(backend) {
  return BACKENDS[backend].server === 'postgres';
}

/** A store, and a tool that is used on it again and again. */
class Subject {
  counts = { killed: 0, 'as before': 0, whole: 0 };
  #settings;
  #random;
  #seed;
  /** What the store holds before the tool and after it. */
  #before;
  #after;
  /** Of a commit that nobody disturbs. */
  #changes = 0;
  #duration = 0;

  constructor(settings, seed) {
    this.#settings = { ...settings, to: 1 };
    this.#random = new Random(`${seed} ${settings.tool}`);
    this.#seed = seed;
  }

  /** Uses the tool once undisturbed, to know what comes of it. */
  async #prepare() {
    if (BEGINS_FILLED[this.#settings.tool]) await finished({ ...this.#settings, tool: 'fill' });
    const { found, left, given, duration } = await finished({ ...this.#settings, looksAgain: true });
    [this.#before, this.#after, this.#changes, this.#duration] = [found, left, given, duration];
    if (this.#after.sha256 === this.#before.sha256) throw new Violation('it has changed nothing');
  }

  /** Kills the tool so many times: every other time after a number of its changes, and else while they are committed. */
  async killed(kills) {
    await this.#prepare();
    let last = { found: this.#after, done: true };
    for (let kill = 0; kill < kills; kill++) {
      const next = await this.#killed(kill);
      this.#check(next.found, last, kill);
      if (kill > 0) this.#count(next.found);
      last = next;
    }
    const { found } = await finished({ ...this.#settings, tool: 'look', back: this.#before });
    this.#check(found, last, kills);
    this.#count(found);
  }

  async #killed(kill) {
    const point = this.#random.next();
    const isEarly = kill % 2 === 0;
    const at = isEarly ? { at: Math.floor(point * this.#changes) } : {};
    const child = new Child('tool.mjs', { ...this.#settings, back: this.#before, ...at });
    const { told, given } = watchedChild(child);
    if (!isEarly) {
      await Promise.race([given, child.ended]);
      await Promise.race([pause(point * this.#duration * LATEST), child.ended]);
      child.kill();
    }
    await child.ended;
    if (child.signal === 'SIGKILL') this.counts.killed += 1;
    if (told.found === undefined || told.failed !== undefined)
      throw this.#violation(kill, `it failed: ${JSON.stringify(told.failed)} ${child.errors}`);
    await this.#settle();
    return told;
  }

  /** @param last What the process before has told, which was killed or not. */
  #check({ sha256, records, problems, damage = 'ok' }, last, kill) {
    const isWhole = sha256 === this.#after.sha256;
    if (!isWhole && sha256 !== this.#before.sha256)
      throw this.#violation(
        kill,
        `it holds ${records} records, which are neither those of before nor those of after`,
      );
    if (last.done === true && !isWhole) throw this.#violation(kill, 'what was done is lost');
    if (problems.length > 0) throw this.#violation(kill, problems.join('\n'));
    if (damage !== 'ok') throw this.#violation(kill, damage);
  }

  #count({ sha256 }) {
    this.counts[sha256 === this.#after.sha256 ? 'whole' : 'as before'] += 1;
  }

  #violation(kill, problem) {
    const { tool, backend } = this.#settings;
    return new Violation(`seed ${this.#seed}, before kill ${kill} of ${tool}, ${backend}: ${problem}`);
  }

  /** A server goes on for a while with what a client has sent that is gone. */
  async #settle() {
    const { backend, place } = this.#settings;
    if (!hasSessions(backend)) return;
    while ((await runSql(place, OTHER_SESSIONS)).rows.length > 0) await pause(10);
  }
}

/** What a child tells, and when its commit had all changes, and was made. */
function watchedChild(child) {
  const told = {};
  const given = new Promise((resolve) => {
    child.on('line', (line) => {
      Object.assign(told, line);
      if (line.made) told.madeAt = performance.now();
      if (line.given === undefined) return;
      told.givenAt = performance.now();
      resolve();
    });
  });
  return { told, given };
}

/** Runs a child to its end. */
async function finished(settings) {
  const child = new Child('tool.mjs', settings);
  const { told } = watchedChild(child);
  await child.ended;
  if (told.done !== true)
    throw new Violation(
      `${settings.tool} of ${settings.backend}: ${JSON.stringify(told.failed)} ${child.errors}`,
    );
  return { ...told, duration: told.madeAt - told.givenAt };
}
