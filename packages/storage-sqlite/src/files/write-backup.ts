import {
  abandonBackup,
  type BackupPlace,
  beginBackup,
  findBackupPlace,
  finishBackup,
  refusedTarget,
} from './backup-place.js';

export interface BackupWork {
  /** The file of the store. */
  readonly source: string;
  /** Whatever is there is replaced. */
  readonly overwrite: boolean;
  /** Whether the store's history holds all that the store in another file does. Throws where that is no store. */
  holds(file: string): boolean | Promise<boolean>;
  /** Writes the backup to `partial`, which is there and empty, and checks it. */
  write(place: BackupPlace): Promise<void>;
}

/** Writes a backup beside its place, and puts it there when it is whole. */
export async function writeBackup(
  target: string,
  work: BackupWork,
): Promise<{ readonly file: string; readonly bytes: number }> {
  const place = findBackupPlace(target, work.source);
  if (place.isTaken && !work.overwrite) await assertHeld(place, work);
  beginBackup(place);
  try {
    await work.write(place);
    return { file: place.file, bytes: await finishBackup(place, work.source) };
  } catch (error) {
    abandonBackup(place);
    throw error;
  }
}

async function assertHeld({ file }: BackupPlace, { holds }: BackupWork): Promise<void> {
  const isHeld = await Promise.resolve(file)
    .then(holds)
    .catch(() => undefined);
  if (isHeld === true) return;
  const problem =
    isHeld === undefined
      ? 'is there and holds no store that can be read'
      : 'is there and is no earlier backup of this store, as far as its history tells';
  throw refusedTarget(
    file,
    `${problem}: nothing else is replaced. Name another file, or give overwrite: true to replace it`,
  );
}
