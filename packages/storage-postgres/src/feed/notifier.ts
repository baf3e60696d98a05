import type { Revision } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';

/** How long closing waits for the last notification, in milliseconds. */
const DRAIN_TIMEOUT = 500;
/** Between two notifications, in milliseconds: each makes every instance ask what is new. */
const PAUSE = 10;

/**
 * Tells others of commits, after them and never in their way: a transaction
 * that notifies holds a lock of the whole cluster until it ends. The first commit
 * after a pause is told at once; of those that come while one is told, and
 * shortly after, only the newest is. A lost notification is made up for by polls.
 */
export class Notifier {
  readonly #send: (revision: Revision) => Promise<unknown>;
  #newest: Revision = 0;
  #told: Revision = 0;
  #telling: Promise<void> | undefined;

  constructor(send: (revision: Revision) => Promise<unknown>) {
    this.#send = send;
  }

  notify(revision: Revision): void {
    this.#newest = revision;
    this.#telling ??= this.#tell().finally(() => {
      this.#telling = undefined;
    });
  }

  /** Resolves when what was to be told is, or could not be in time. */
  async drain(): Promise<void> {
    if (this.#telling === undefined) return;
    const telling = this.#telling;
    await new Promise<void>((resolve) => {
      const timer = timers.setTimeout(resolve, DRAIN_TIMEOUT);
      void telling.then(() => {
        timers.clearTimeout(timer);
        resolve();
      });
    });
  }

  async #tell(): Promise<void> {
    while (this.#told !== this.#newest) {
      const revision = this.#newest;
      await this.#send(revision).catch(() => {});
      this.#told = revision;
      await timers.sleep(PAUSE);
    }
  }
}
