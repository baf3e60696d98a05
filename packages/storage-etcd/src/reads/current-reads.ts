import type { RecordQuery } from '@gati-framework/storage-kit';
import type { ChangeFollower } from '../feed/change-follower.js';
import type { Row } from '../store/row.js';
import { findRows } from './moment.js';
import type { ReadText, Texts } from './texts.js';

/** Most questions under way at once; what is asked meanwhile is gathered. */
const AT_ONCE = 4;
/** Most reads of one question. */
const MOST_READS = 200;
/** Most that texts take which are asked for before it is known whether they are wanted, in UTF-16 code units. */
const GUESS_SIZE = 1024 * 1024;
const GUESS_ROWS = 400;

interface Waiting {
  readonly query: RecordQuery;
  readonly resolve: (found: readonly ReadText[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads of the present. Where the store is, and the texts of the rows that a read finds in the mirror as it is, are asked
 * for in one question: mostly the rows are still the same when the answer comes.
 */
export class CurrentReads {
  readonly #follower: ChangeFollower;
  readonly #texts: Texts;
  #waiting: Waiting[] = [];
  #running = 0;

  constructor(follower: ChangeFollower, texts: Texts) {
    this.#follower = follower;
    this.#texts = texts;
  }

  read(query: RecordQuery): Promise<readonly ReadText[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ query, resolve, reject });
      if (this.#running < AT_ONCE) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running += 1;
    while (this.#waiting.length > 0) {
      const some = this.#waiting.splice(0, MOST_READS);
      try {
        await this.#answer(some);
      } catch (error) {
        for (const { reject } of some) reject(error);
      }
    }
    this.#running -= 1;
  }

  async #answer(some: readonly Waiting[]): Promise<void> {
    const guess = guessed((await this.#find(some)).flat());
    const answers = await this.#follower.refreshWith(this.#texts.questions(guess));
    const known = new Map(guess.map((row, i) => [row.text, this.#texts.textIn(row, answers[i])]));
    const found = await this.#find(some);
    found.forEach((rows, i) => {
      const texts = rows.map((row) => ({ row, text: known.get(row.text) }));
      const isKnown = texts.every(({ text }) => text !== undefined);
      if (isKnown) some[i]?.resolve(texts);
      else void this.#texts.read(rows).then(some[i]?.resolve, some[i]?.reject);
    });
  }

  #find(some: readonly Waiting[]): Promise<(readonly Row[])[]> {
    const { mirror } = this.#follower;
    return mirror.exclusively(async () => some.map(({ query }) => findRows(mirror.index, query)));
  }
}

/** The first rows, as many as are worth asking for. */
function guessed(rows: readonly Row[]): readonly Row[] {
  let size = 0;
  const end = rows.findIndex((row, i) => {
    size += row.size;
    return size > GUESS_SIZE || i >= GUESS_ROWS;
  });
  return end < 0 ? rows : rows.slice(0, end);
}
