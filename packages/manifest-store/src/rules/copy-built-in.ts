import { asBuiltIn, copyTypedArray } from '../platform/built-ins.js';
import { type CopyValue, type CopyWalk, countBytes } from './copy-walk.js';
import { refuseSymbols } from './own-properties.js';
import { type PlaceName, Refusal } from './refusal.js';

/** Copies a Date, a Map or the like; refuses every other class. They cannot be frozen, and JSON has none of them. */
export function copyBuiltIn(walk: CopyWalk, source: object, depth: number, copyValue: CopyValue): object {
  walk.json = false;
  walk.frozen = false;
  const copied = copyKnownBuiltIn(walk, source, depth, copyValue);
  if (copied === undefined) {
    const instance: { constructor?: { name?: string } } = source;
    throw new Refusal(
      `is an instance of ${instance.constructor?.name || 'a class'}, which cannot be stored; store plain data`,
    );
  }
  refuseSymbols(source);
  if (!ArrayBuffer.isView(source) && Object.keys(source).length > 0) {
    throw new Refusal('carries properties of its own beside its content, which cannot be stored');
  }
  return copied;
}

function copyKnownBuiltIn(
  walk: CopyWalk,
  source: object,
  depth: number,
  copyValue: CopyValue,
): object | undefined {
  const known = asBuiltIn(source);
  switch (known?.name) {
    case 'Date':
      return new Date(Date.prototype.getTime.call(known.value));
    case 'RegExp':
      return new RegExp(known.value.source, known.value.flags);
    case 'Map':
      return copyMap(walk, known.value, depth, copyValue);
    case 'Set':
      return copySet(walk, known.value, depth, copyValue);
    case 'ArrayBuffer':
      countBytes(walk, known.value.byteLength);
      return new Uint8Array(known.value).slice().buffer;
    case 'TypedArray':
      countBytes(walk, known.value.byteLength);
      return copyTypedArray(known.value);
    default:
      return undefined;
  }
}

function copyMap(
  walk: CopyWalk,
  source: Map<unknown, unknown>,
  depth: number,
  copyValue: CopyValue,
): Map<unknown, unknown> {
  const target = new Map<unknown, unknown>();
  let index = 0;
  let place: PlaceName = '';
  try {
    Map.prototype.forEach.call(source, (value, key) => {
      place = `key ${index}`;
      const copiedKey = copyValue(walk, key, depth + 1);
      place = typeof key === 'string' ? key : `value ${index}`;
      target.set(copiedKey, copyValue(walk, value, depth + 1));
      index += 1;
    });
  } catch (thrown) {
    throw Refusal.leaving(source, place, thrown);
  }
  return target;
}

function copySet(walk: CopyWalk, source: Set<unknown>, depth: number, copyValue: CopyValue): Set<unknown> {
  const target = new Set<unknown>();
  try {
    Set.prototype.forEach.call(source, (value) => {
      target.add(copyValue(walk, value, depth + 1));
    });
  } catch (thrown) {
    throw Refusal.leaving(source, target.size, thrown);
  }
  return target;
}
