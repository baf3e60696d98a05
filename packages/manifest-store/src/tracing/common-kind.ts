import type { RecordKind } from '../contract/storage.js';
import type { PreparedChange } from '../rules/prepare-change.js';

/** The kind of which all changes are, if they are of one. */
export function commonKind(changes: readonly PreparedChange[]): RecordKind | undefined {
  const kinds = new Set(changes.map((change) => (change.op === 'clear' ? undefined : change.kind)));
  return kinds.size === 1 ? [...kinds][0] : undefined;
}
