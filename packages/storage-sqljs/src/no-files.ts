import { StorageError } from '@gati-framework/manifest-store';
import type { FilePersistence } from './persistence.js';

/** In place of files where there are none. */
export function openFile(filename: string, _readOnly: boolean): FilePersistence {
  throw new StorageError(
    'INVALID_OPTIONS',
    `options.filename names ${filename}, and there are no files here; give options.persistence instead, ` +
      'for example indexedDbPersistence() of @gati-framework/storage-sqljs/indexeddb.',
    { path: 'options.filename' },
  );
}
