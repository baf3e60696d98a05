/**
 * A bounded map that forgets what was not asked for lately. Entries live in a
 * young and an old generation; when the young one is full it becomes the old
 * one, and the old one is forgotten. A hit costs one lookup: unlike in a list
 * ordered by use, nothing is moved.
 */
export class GenerationalCache<V> {
  readonly #maxGenerationSize: number;
  #young = new Map<string, { readonly value: V; readonly size: number }>();
  #old = new Map<string, { readonly value: V; readonly size: number }>();
  #youngSize = 0;

  /** @param maxSize Bound for the sum of the sizes of all entries. */
  constructor(maxSize: number) {
    this.#maxGenerationSize = maxSize / 2;
  }

  get(name: string): V | undefined {
    const young = this.#young.get(name);
    if (young !== undefined) return young.value;
    const old = this.#old.get(name);
    if (old === undefined) return undefined;
    this.#old.delete(name);
    this.#add(name, old);
    return old.value;
  }

  set(name: string, value: V, size: number): void {
    this.delete(name);
    if (size <= this.#maxGenerationSize) this.#add(name, { value, size });
  }

  delete(name: string): void {
    const young = this.#young.get(name);
    if (young !== undefined) {
      this.#young.delete(name);
      this.#youngSize -= young.size;
    }
    this.#old.delete(name);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#youngSize = 0;
  }

  #add(name: string, entry: { readonly value: V; readonly size: number }): void {
    if (this.#youngSize + entry.size > this.#maxGenerationSize) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngSize = 0;
    }
    this.#young.set(name, entry);
    this.#youngSize += entry.size;
  }
}
