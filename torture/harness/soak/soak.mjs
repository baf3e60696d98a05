import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BACKENDS } from '../backends.mjs';
import { measureServer, reconnect, sparedPlace } from '../faults/reconnects.mjs';
import { growthOf, leaksIn, valuesOf } from '../flatness.mjs';
import { Breakdown, HANGS, Violation } from '../outcomes.mjs';
import { Child } from '../processes.mjs';
import { storeFor } from '../stores.mjs';

const MiB = 1024 * 1024;
const WATCHERS = 200;
/** Of them, replaced in a step. */
const CHANGING = 20;
/** Changes that the history keeps: few, so that it is trimmed from the beginning on. */
const KEPT = 100;
/** Milliseconds without a sample after which none will come, also on a machine whose disk is busy with other things. */
const PATIENCE = 1_800_000;
/** Until then code is still being compiled and caches fill, so a figure may grow by a part of itself. */
const SAMPLES_OF_AN_OLD_PROCESS = 60;
const SHARE_OF_A_YOUNG_PROCESS = 0.25;

/** @type {Readonly<Record<string, import('../flatness.mjs').Allowance>>} */
const ALLOWANCES = {
  'bytes of heap': { floor: MiB, share: 0.05 },
  'bytes outside the heap': { floor: MiB, share: 0.05 },
  'bytes of the process': { floor: 16 * MiB, share: 0.05 },
  descriptors: { floor: 6 },
  'timers and sockets': { floor: 6 },
  connections: { floor: 6 },
  files: { floor: 1 },
  // SQLite's log grows to four MiB before it begins anew, and PostgreSQL sweeps once a minute.
  'bytes of files': { floor: 8 * MiB },
  'bytes of the store': { floor: 8 * MiB },
  'bytes of the server': { floor: 8 * MiB },
  'commits kept': { floor: 50, share: 0.2 },
  keys: { floor: 100, share: 0.2 },
};

/** One process that uses a store for a long time, and what it holds meanwhile. */
export class Soak {
  samples = [];
  /** What the process has done, as it told last. */
  done = {};
  /** How often its connections were ended. */
  reconnects = 0;
  #started = performance.now();
  #settings;
  #server;
  #launch;
  #child;
  #fail;
  #alarm;

  constructor(settings, server, launch) {
    this.#settings = settings;
    this.#server = server;
    this.#launch = launch;
  }

  /** @param {{ backend: string, seed: number, folder: string, launch?: object, every: number, interval: number }} settings */
  static async of({ folder, launch = {}, ...settings }) {
    const { backend } = settings;
    const own = join(folder, 'store');
    mkdirSync(own);
    const { place, server } = await storeFor(backend, own);
    const { isShared } = BACKENDS[backend];
    const visited = isShared ? sparedPlace(backend, server, place) : join(own, 'visited.db');
    const sizes = { watchers: WATCHERS, changing: CHANGING, kept: KEPT };
    return new Soak({ ...settings, place, visited, ...sizes }, server, launch);
  }

  get minutes() {
    return (performance.now() - this.#started) / 60_000;
  }

  /** By how much each figure has grown since the first quarter. */
  get growth() {
    const names = Object.keys(ALLOWANCES).filter((name) => valuesOf(this.samples, name).length > 0);
    return Object.fromEntries(
      names.map((name) => [name, Math.round(growthOf(valuesOf(this.samples, name)))]),
    );
  }

  assertFlat() {
    const isYoung = this.samples.length < SAMPLES_OF_AN_OLD_PROCESS;
    const [leak] = leaksIn(this.samples, isYoung ? allowancesOfYoung() : ALLOWANCES);
    if (leak === undefined) return;
    const { name, growth, from, to } = leak;
    throw this.#violation(`${name} grow by ${Math.round(growth)}, from ${from} to ${to}`);
  }

  /** @param {() => boolean} isOver Asked after each sample. @param {() => void} onSample May throw. */
  async run(isOver, onSample) {
    const { nodeOptions = [], patience = PATIENCE, ...rest } = this.#launch;
    const options = { ...rest, nodeOptions: ['--expose-gc', ...nodeOptions] };
    this.#child = new Child('soak.mjs', this.#settings, options);
    const failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#wait(patience);
    this.#child.on('line', (line) => {
      this.#wait(patience);
      this.#hear(line, isOver, onSample).catch(this.#fail);
    });
    try {
      await Promise.race([failed, this.#child.ended]);
    } finally {
      clearTimeout(this.#alarm);
      if (!this.#child.hasEnded) this.#child.kill();
    }
    if (!this.#child.isInOrder)
      throw new Breakdown(this.#described(`it ended by itself: ${this.#child.errors}`));
  }

  #wait(patience) {
    clearTimeout(this.#alarm);
    this.#alarm = setTimeout(() => this.#fail(new Breakdown(this.#described(HANGS))), patience);
  }

  async #hear({ failed, sample, done }, isOver, onSample) {
    if (failed !== undefined) throw this.#violation(JSON.stringify(failed));
    if (sample === undefined) return;
    const { backend, place } = this.#settings;
    this.samples.push({ ...sample, ...(await measureServer(backend, this.#server, place)) });
    this.done = done;
    onSample();
    if (isOver()) return this.#child.tell('end');
    this.#child.tell('go');
    if (this.#server === undefined) return;
    await reconnect(backend, this.#server);
    this.reconnects += 1;
  }

  #violation(text) {
    return new Violation(this.#described(text));
  }

  #described(text) {
    const { seed, backend } = this.#settings;
    return `seed ${seed}, ${backend}, after ${this.done.steps ?? 0} steps: ${text}`;
  }
}

/** It takes memory from the system in pieces, too: how many more it takes says nothing yet. */
function allowancesOfYoung() {
  const { 'bytes of the process': _, ...others } = ALLOWANCES;
  const entries = Object.entries(others).map(([name, { floor, share = 0 }]) => [
    name,
    { floor, share: share + SHARE_OF_A_YOUNG_PROCESS },
  ]);
  return Object.fromEntries(entries);
}
