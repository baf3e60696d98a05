import { isDefinite } from '../errors/conditions.js';

/**
 * Statements of several callers on one connection, one at a time and in order.
 * `pg` would queue them, but says that it will not for ever.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Once a statement was not answered, those after it fail with the same error: the connection may be stuck. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch((error) => {
      if (!isDefinite(error)) throw error;
    });
    this.#last.catch(() => {}); // whoever takes the next turn hears of it
    return result;
  }
}
