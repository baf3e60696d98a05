import type { StoredRecord } from '@gati-framework/storage-kit';
import type { EtcdClient } from '../client/etcd-client.js';
import { nest } from '../commit/operations.js';
import type { StoreKeys } from '../store/keys.js';
import type { Row } from '../store/row.js';
import type { Operation, RangeAnswer, RangeRequest } from '../wire/messages.js';

/** Most texts of one request. */
const MOST_TEXTS = 500;
/** About how much one answer holds, in UTF-16 code units, or what its one text does. */
const ANSWER_SIZE = 2 * 1024 * 1024;

/** What was read of a row; no text: it is not there. */
export interface ReadText {
  readonly row: Row;
  readonly text: string | undefined;
}

/** Which members answer, and of which revision of etcd. */
type Asking = Pick<RangeRequest, 'serializable' | 'revision'>;

/** Reads the texts of rows. They are written once, so it does not matter when. */
export class Texts {
  readonly #client: EtcdClient;
  readonly #keys: StoreKeys;

  constructor(client: EtcdClient, keys: StoreKeys) {
    this.#client = client;
    this.#keys = keys;
  }

  /**
   * In the order of the rows.
   *
   * @param at The revision of etcd that is read where the present has forgotten a text already; absent: it is not looked for.
   */
  async read(rows: readonly Row[], at?: number): Promise<readonly ReadText[]> {
    const texts: ReadText[] = [];
    for (const some of inAnswers(rows)) {
      const answers = await this.#ask(some, { serializable: true });
      for (const [i, row] of some.entries()) {
        texts.push({ row, text: this.textIn(row, answers[i]) ?? (await this.#lookAgain(row, at)) });
      }
    }
    return texts;
  }

  /** The member that was asked may be behind; or the text was forgotten since its row was found. */
  async #lookAgain(row: Row, at: number | undefined): Promise<string | undefined> {
    const [now] = await this.#ask([row], {});
    const text = this.textIn(row, now);
    if (text !== undefined || at === undefined) return text;
    const [then] = await this.#ask([row], { revision: at });
    return this.textIn(row, then);
  }

  /** What asks for the texts of rows, one question for each. */
  questions(rows: readonly Row[], how: Asking = {}): readonly Operation[] {
    return rows.map(({ text, pieces }) => {
      const range = pieces === 1 ? { key: this.#keys.text(text) } : this.#keys.pieces(text);
      return { op: 'range', ...range, ...how };
    });
  }

  /** The text of a row in the answer to its question, if it is there. */
  textIn({ pieces }: Row, answer: RangeAnswer | undefined): string | undefined {
    const kvs = answer?.kvs ?? [];
    if (kvs.length < pieces) return undefined;
    return Buffer.concat(kvs.map(({ value }) => value)).toString();
  }

  async #ask(rows: readonly Row[], how: Asking): Promise<readonly RangeAnswer[]> {
    const { ranges } = await this.#client.txn({ success: nest(this.questions(rows, how)) });
    return ranges;
  }
}

function* inAnswers(rows: readonly Row[]): Generator<readonly Row[]> {
  let some: Row[] = [];
  let size = 0;
  for (const row of rows) {
    if (some.length > 0 && (size + row.size > ANSWER_SIZE || some.length >= MOST_TEXTS)) {
      yield some;
      some = [];
      size = 0;
    }
    some.push(row);
    size += row.size;
  }
  if (some.length > 0) yield some;
}

/** A record with its text. Where that is missing, the digest will tell. */
export function toStoredRecord({ row, text = '' }: ReadText): StoredRecord {
  const { kind, key, revision, encoding, digest } = row;
  return { kind, key, revision, encoding, digest, text };
}
