import { setTimeout as pause } from 'node:timers/promises';
import { idOf, isWrite, performOperation, planOperation } from '../operations.mjs';
import { errorForm, now, report } from './report.mjs';

/** Does one operation after the other. */
export class Lane {
  count = 0;
  #storage;
  #name;
  #random;
  #seen;
  #weights;

  constructor(storage, name, random, { seen, weights }) {
    this.#storage = storage;
    this.#name = name;
    this.#random = random;
    this.#seen = seen;
    this.#weights = weights;
  }

  /** @param {() => boolean} isOver @param {number} [interval] Milliseconds between two operations. */
  async run(isOver, interval) {
    while (!isOver()) {
      await this.#next();
      if (interval !== undefined) await pause(interval);
    }
  }

  async #next() {
    this.count += 1;
    const operation = planOperation(this.#random, this.#seen, this.#weights);
    const id = idOf(`${this.#name}.${this.count}`, operation);
    const from = now();
    // Only of a write anything is left when its answer does not come.
    if (isWrite(operation)) report({ call: id, from, operation });
    try {
      const result = await performOperation(this.#storage, operation, id);
      report({ answer: id, from, to: now(), operation, result });
      this.#learn(operation, result);
    } catch (error) {
      const form = errorForm(error);
      report({ answer: id, from, to: now(), operation, error: form });
      if (form.slot !== undefined) this.#seen.revisions.set(form.slot, form.actual ?? null);
      if (form.code === 'STORAGE_CLOSED') this.#fail(error);
    }
  }

  #fail(error) {
    throw new Error('the storage closed by itself', { cause: error });
  }

  #learn({ slot, changes = [] }, { revision, entry, entries = [] }) {
    const { revisions } = this.#seen;
    if (entry !== undefined && slot !== undefined) revisions.set(slot, entry?.[1] ?? null);
    for (const [name, , written] of entries) revisions.set(name, written);
    if (revision === undefined || revision === null) return;
    this.#seen.revision = Math.max(this.#seen.revision, revision);
    for (const [what, name] of changes)
      if (name !== undefined) revisions.set(name, what === 'put' ? revision : null);
  }
}
