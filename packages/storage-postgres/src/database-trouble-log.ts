import type { StorageLogger } from '@gati-framework/manifest-store';
import { TroubleLog } from '@gati-framework/storage-kit';

/** Tells of trouble with the database. */
export class DatabaseTroubleLog {
  readonly #log: TroubleLog;

  constructor(logger: StorageLogger) {
    this.#log = new TroubleLog(logger, { storage: 'postgres' });
  }

  /** @param message What is the same each time stands before the first colon or semicolon. */
  warn(message: string): void {
    const [cause = ''] = /^[^:;]*/.exec(message) ?? [];
    this.#log.warn(cause, message.slice(cause.length));
  }
}
