/** Characters of a text that the catalog keeps: who has longer names finds them by their beginning. */
const MAX_NAME = 1_024;
/** Characters of the texts that are remembered so that each is kept once; then it begins anew, so that old ones can go. */
const MAX_REMEMBERED = 500_000;

/** Bytes of an object with some fields, and of a text, as they are estimated. */
export const OBJECT_BYTES = 64;
export function textBytes(text: string): number {
  return 24 + 2 * text.length;
}

/** Keeps each text once, apart from the record that it was read from: a part of a text would keep all of it in memory. */
export class Names {
  readonly #remembered = new Map<string, string>();
  #characters = 0;

  keep(text: string): string {
    const wanted = text.length > MAX_NAME ? text.slice(0, MAX_NAME) : text;
    const known = this.#remembered.get(wanted);
    if (known !== undefined) return known;
    this.#characters += wanted.length;
    if (this.#characters > MAX_REMEMBERED) {
      this.#remembered.clear();
      this.#characters = wanted.length;
    }
    const copy = copyOf(wanted);
    this.#remembered.set(copy, copy);
    return copy;
  }

  /** The texts of what should be a list of them, or one. */
  list(value: unknown): readonly string[] {
    const texts = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
    return texts.length === 0 ? NONE : texts.map((text) => this.keep(text));
  }
}

const NONE: readonly string[] = [];

/** The same text with characters of its own. */
export function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

/** A field of what should be an object; records are read as they are, whatever was stored. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
