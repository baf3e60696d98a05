import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { restoreArchive } from '@gati-framework/storage-tools/copy';
import { BACKENDS } from './backends.mjs';
import { same } from './checker/same.mjs';
import { entriesOf, withoutRevisions } from './operations.mjs';

/** The files that backups and archives of a backend are put into, in turn. */
export function targetsOf(backend) {
  const archives = ['archive.jsonl', 'archive.jsonl.gz'];
  return BACKENDS[backend].backup === undefined ? archives : archives.flatMap((file) => ['backup.db', file]);
}

/** By a library that has not made it. It is to be closed. */
export function openBackup(file) {
  return BACKENDS.sqljs.create(file, { readOnly: true });
}

/** Names and tags of the records of an archive, as a new store has them into which it is restored. */
export async function restoredEntries(file) {
  const storage = createInMemoryStorage();
  await restoreArchive(file, storage);
  const entries = await entriesOf(storage, {});
  await storage.close();
  return withoutRevisions(entries);
}

/** Whether a store was once what a backup or an archive holds. Throws where the file is neither. */
export async function wasOnce(trial, file) {
  if (!file.endsWith('.db')) return heldOnce(trial, await restoredEntries(file));
  const storage = await openBackup(file);
  const { revision } = await storage.stats();
  const entries = await entriesOf(storage, {});
  await storage.close();
  return same(trial.entries(revision), entries);
}

/** From the latest revision on, as it is mostly one of the last. */
function heldOnce(trial, entries) {
  for (let revision = trial.revision; revision >= 0; revision--)
    if (same(withoutRevisions(trial.entries(revision)), entries)) return true;
  return false;
}
