import { entryOf, keyTuple } from '@gati-framework/manifest-store/backend';
import type { State } from '../diff/state.js';
import { readArchiveFile } from './read-archive-file.js';

/** The records of an archive in a file as those of a store, read anew and checked each time. */
export function archiveState(file: string): State {
  return {
    async *entries({ kinds } = {}) {
      for await (const { put, value } of readArchiveFile(file)) {
        if (kinds === undefined || kinds.includes(put)) yield entryOf(put, keyTuple(put, value), value, 0);
      }
    },
  };
}
