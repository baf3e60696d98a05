import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type { KeyRange } from '../wire/messages.js';

const REVISION_DIGITS = 16;
const NUMBER_DIGITS = 8;

/**
 * The keys of a store, all of which begin with its prefix and a slash:
 *
 * | key | what it holds |
 * | --- | --- |
 * | `head` | where the log ends: the one key that every commit compares and writes |
 * | `tail` | where the log begins, how far the rows tell of it, and how much of it is to be kept |
 * | `log/<revision>` | a group of commits, by the revision of its last |
 * | `part/<group>/<attempt>/<number>` | of the log, what is too large for one key |
 * | `row/<kind>/<key>` | a record without its text, as of the tail |
 * | `text/<group>/<number>` | the text of a record, written once and never changed |
 * | `stage/<group>`, `alive/<group>` | a commit under way that is too large for one transaction |
 */
export class StoreKeys {
  readonly head: string;
  readonly tail: string;
  /** The head and the groups of the log, and nothing else: what every commit writes. */
  readonly headAndLog: KeyRange;
  /** Every key of the store. */
  readonly all: KeyRange;
  readonly rows: KeyRange;
  readonly stages: KeyRange;
  readonly #prefix: string;

  /** @param prefix Without the slash. */
  constructor(prefix: string) {
    this.#prefix = prefix;
    this.head = `${prefix}/head`;
    this.tail = `${prefix}/tail`;
    this.headAndLog = { key: this.head, end: endOf(`${prefix}/log`) };
    this.all = within(prefix);
    this.rows = within(`${prefix}/row`);
    this.stages = within(`${prefix}/stage`);
  }

  group(last: Revision): string {
    return `${this.#prefix}/log/${padded(last, REVISION_DIGITS)}`;
  }

  /** The groups that hold the commits from `first` on, and no others. */
  groupsFrom(first: Revision): KeyRange {
    return { key: this.group(first), end: endOf(`${this.#prefix}/log`) };
  }

  /** @param parts The attempt of a group, as {@link nameOfParts} has it. */
  part(parts: string, number: number): string {
    return `${this.#prefix}/part/${parts}/${padded(number, NUMBER_DIGITS)}`;
  }

  /** From a part on, those of an attempt. */
  partsFrom(parts: string, from: number): KeyRange {
    return { key: this.part(parts, from), end: endOf(`${this.#prefix}/part/${parts}`) };
  }

  /** Those of all attempts of a group. */
  parts(group: string): KeyRange {
    return within(`${this.#prefix}/part/${group}`);
  }

  row(kind: RecordKind, key: KeyTuple): string {
    return `${this.#prefix}/row/${kind}/${JSON.stringify(key)}`;
  }

  /** The kind and the key that a key of a row names. */
  namedBy(row: string): { kind: string; key: unknown } {
    const rest = row.slice(this.#prefix.length + '/row/'.length);
    const slash = rest.indexOf('/');
    return { kind: rest.slice(0, slash), key: JSON.parse(rest.slice(slash + 1)) };
  }

  /** @param text As rows name it. */
  text(text: string, piece?: number): string {
    const key = `${this.#prefix}/text/${text}`;
    return piece === undefined ? key : `${key}/${padded(piece, NUMBER_DIGITS)}`;
  }

  /** All pieces of a text. */
  pieces(text: string): KeyRange {
    const key = this.text(text);
    return { key, end: endOf(key) };
  }

  /** Texts of a group, from one number on and before another. */
  textsBetween(group: string, from: number, before: number): KeyRange {
    return { key: this.text(nameOfText(group, from)), end: this.text(nameOfText(group, before)) };
  }

  texts(group: string): KeyRange {
    return within(`${this.#prefix}/text/${group}`);
  }

  stage(group: string): string {
    return `${this.#prefix}/stage/${group}`;
  }

  /** The group that a key of a stage names. */
  stagedBy(stage: string): string {
    return stage.slice(this.#prefix.length + '/stage/'.length);
  }

  alive(group: string): string {
    return `${this.#prefix}/alive/${group}`;
  }
}

/** The parts of a group, which differ with each attempt: one that comes late changes nothing of those that count. */
export function nameOfParts(group: string, attempt: number): string {
  return `${group}/${attempt}`;
}

/** As rows name a text. */
export function nameOfText(group: string, number: number): string {
  return `${group}/${padded(number, NUMBER_DIGITS)}`;
}

function within(folder: string): KeyRange {
  return { key: `${folder}/`, end: endOf(folder) };
}

/** The first key behind those that begin with this and a slash: 0 is the character behind the slash. */
function endOf(folder: string): string {
  return `${folder}0`;
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
