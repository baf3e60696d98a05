import type { StorageLogger } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';

/** At most one line in this time for each cause, in milliseconds. */
const INTERVAL = 1_000;
/** Causes that are told apart; more than these there are only where texts of others get into them. */
const MOST_CAUSES = 100;

/** Tells a logger of trouble that is no error of any call: at most once a second for one cause, the rest is counted. */
export class TroubleLog {
  readonly #logger: StorageLogger;
  readonly #fields: object;
  readonly #causes = new Map<string, { toldAt: number; leftOut: number }>();

  /** @param fields Of every line, such as whose it is. */
  constructor(logger: StorageLogger, fields: object = {}) {
    this.#logger = logger;
    this.#fields = fields;
  }

  /**
   * @param cause What happened, in words that do not change.
   * @param more What is to be said about this time.
   */
  warn(cause: string, more = '', fields: object = {}): void {
    const now = timers.now();
    const known = this.#causes.get(cause);
    if (known !== undefined && now - known.toldAt < INTERVAL) {
      known.leftOut += 1;
      return;
    }
    if (this.#causes.size >= MOST_CAUSES) this.#causes.clear();
    this.#causes.set(cause, { toldAt: now, leftOut: 0 });
    const leftOut = known?.leftOut ?? 0;
    const times = leftOut === 0 ? '' : ` (${leftOut} more since the last line)`;
    try {
      const told = { ...this.#fields, cause, ...fields, ...(leftOut > 0 && { leftOut }) };
      this.#logger.warn(told, `${cause}${more}${times}`);
    } catch {
      // A logger that fails is not a reason for the storage to.
    }
  }
}
