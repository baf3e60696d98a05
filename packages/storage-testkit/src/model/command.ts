import type { Storage } from '@gati-framework/manifest-store';
import fc from 'fast-check';
import { DeadlineError, within } from '../assertions/deadline.js';
import { assertSame } from '../assertions/same.js';
import { fieldOf } from '../untyped.js';
import type { ModelStorage } from './model-storage.js';

/** The storage that commands drive; `reopen` puts another object in its place. */
export interface Subject {
  storage: Storage;
  reopen(): Promise<Storage>;
}

/** Both sides of a command, with arguments that may depend on the state of the model. */
export interface Step {
  /** Asked first, before the storage is. Throws a `ModelError` where the storage must reject. */
  predict(): unknown;
  perform(subject: Subject): unknown;
}

/** A call that is made of the model and of the storage, with one and the same outcome. */
export class ModelCommand implements fc.AsyncCommand<ModelStorage, Subject> {
  readonly #name: string;
  readonly #args: readonly unknown[];
  readonly #prepare: (model: ModelStorage) => Step;

  constructor(name: string, args: readonly unknown[], prepare: (model: ModelStorage) => Step) {
    this.#name = name;
    this.#args = args;
    this.#prepare = prepare;
  }

  check(): boolean {
    return true;
  }

  async run(model: ModelStorage, subject: Subject): Promise<void> {
    const step = this.#prepare(model);
    const expected = await outcomeOf(() => step.predict());
    const actual = await outcomeOf(async () => within(Promise.resolve(step.perform(subject)), String(this)));
    assertSame(actual, expected, `the outcome of ${this}`);
  }

  toString(): string {
    return `${this.#name}(${this.#args.map((argument) => fc.stringify(argument)).join(', ')})`;
  }
}

/** What a call came to, in a form that can be compared: its value, or the code of its error. */
async function outcomeOf(call: () => unknown): Promise<object> {
  try {
    return { value: await call() };
  } catch (error) {
    if (error instanceof DeadlineError) throw error;
    const code = fieldOf(error, 'code');
    return typeof code === 'string' ? { code } : { error: String(error) };
  }
}
