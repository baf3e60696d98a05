import type { StorageLogger } from '@gati-framework/manifest-store';

/** A write that a crash cut short, found at the end of the log and left out: it was never acknowledged. */
export interface Recovery {
  /** Where it was found. */
  readonly location: string;
  /** At which byte of the log it begins. */
  readonly offset: number;
  /** How many bytes of it there are. */
  readonly bytes: number;
}

export function tellOfRecovery(log: StorageLogger, { location, offset, bytes }: Recovery): void {
  log.warn(
    { location, offset, bytes },
    `${location} ended in ${bytes} bytes of an unfinished write at byte ${offset}, as after a crash. ` +
      'It was never acknowledged and is left out.',
  );
}
