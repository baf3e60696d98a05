import type { CommitOptions, Storage } from '@gati-framework/manifest-store';
import { MAX_NOTE_BYTES } from '@gati-framework/manifest-store/backend';

/**
 * The note of a commit: what was done, such as `import openapi.yaml`, and behind it what somebody has to say of it.
 * A store that keeps no notes is given what somebody says all the same, and refuses it.
 */
export function noteOf(
  { capabilities }: Pick<Storage, 'capabilities'>,
  did: string,
  said: string | undefined,
): Pick<CommitOptions, 'note'> {
  if (said === '' || !capabilities.history) return said === undefined ? {} : { note: said };
  const note = said === undefined ? did : `${did}: ${said}`;
  // What somebody says is theirs to shorten; the names of files and records may be left out.
  return { note: fits(note) ? note : (said ?? did.slice(0, did.indexOf(' '))) };
}

function fits(note: string): boolean {
  return Buffer.byteLength(note) <= MAX_NOTE_BYTES && note.isWellFormed() && !note.includes('\0');
}
