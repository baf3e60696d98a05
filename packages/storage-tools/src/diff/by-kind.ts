import type { RecordKind } from '@gati-framework/manifest-store';

/** Records that come kind by kind, as `entries()` gives them, handed out for the kind that is asked for. */
export class ByKind<T extends { readonly kind: RecordKind }> {
  readonly #records: AsyncIterator<T>;
  #ahead: IteratorResult<T> | undefined;

  constructor(records: AsyncIterable<T>) {
    this.#records = records[Symbol.asyncIterator]();
  }

  async next(kind: RecordKind): Promise<T | undefined> {
    this.#ahead ??= await this.#records.next();
    const { done, value } = this.#ahead;
    if (done === true || value.kind !== kind) return undefined;
    this.#ahead = undefined;
    return value;
  }

  async end(): Promise<void> {
    await this.#records.return?.();
  }
}
