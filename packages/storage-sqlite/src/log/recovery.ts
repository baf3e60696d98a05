import type { StorageLogger } from '@gati-framework/manifest-store';
import { TroubleLog } from '@gati-framework/storage-kit';

/** A write that a crash cut short, found at the end of the log and left out: it was never acknowledged. */
export interface Recovery {
  /** Where it was found. */
  readonly location: string;
  /** At which byte of the log it begins. */
  readonly offset: number;
  /** How many bytes of it there are. */
  readonly bytes: number;
}

/** @param storage The name of the storage that has found it. */
export function tellOfRecovery(log: StorageLogger, storage: string, recovery: Recovery): void {
  const { location, offset, bytes } = recovery;
  new TroubleLog(log, { storage }).warn(
    'an unfinished write is left out, as after a crash',
    `: ${location} ended in ${bytes} bytes of it, from byte ${offset} on. It was never acknowledged.`,
    { location, offset, bytes },
  );
}
