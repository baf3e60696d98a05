import { resolve } from 'node:path';
import type { FilePersistence } from '../persistence.js';
import { SnapshotFile } from './snapshot-file.js';

/** A store in a file of this machine. Absolute, so that a later change of the working directory changes nothing. */
export function openFile(filename: string, readOnly: boolean): FilePersistence {
  return new SnapshotFile(resolve(filename), readOnly);
}
