import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import { digestOf } from '@gati-framework/storage-kit';

/** What the log holds beside the key of a deletion, of which no record tells. Keys cannot contain NUL. */
export function digestOfKey(key: KeyTuple): number {
  return digestOf(key.join('\0'));
}
