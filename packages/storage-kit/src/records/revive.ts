import { setField } from '@gati-framework/manifest-store/backend';
import { unflatten } from 'devalue';

/** What `JSON.parse` makes of the text of a value in devalue's format. */
type Flattened = number | unknown[];

/** Makes a value of a text in devalue's format, whatever others gave to Object.prototype. */
export function revive(text: string): unknown {
  const flattened: Flattened = JSON.parse(text);
  return unflatten(flattened, undefined, hasInheritedName(flattened) ? { operations: { set } } : undefined);
}

/** Whether a field has a name that Object.prototype has, too: assigning to it may do something else. */
function hasInheritedName(flattened: Flattened): boolean {
  if (!Array.isArray(flattened)) return false;
  for (const value of flattened) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
    for (const name in value) if (name in Object.prototype) return true;
  }
  return false;
}

function set(target: Record<string, unknown>, key: string | number, value: unknown): void {
  setField(target, String(key), value);
}
