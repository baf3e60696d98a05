import { isForeignArray } from '../platform/plain-objects.js';
import type { CopyValue, CopyWalk } from './copy-walk.js';
import { refuseGetter, refuseSetter, refuseSymbols } from './own-properties.js';
import { type PlaceName, Refusal } from './refusal.js';

const { freeze, getPrototypeOf, hasOwn, keys } = Object;

/** Copies an array, holes as holes; refuses one that is more than its elements. */
export function copyArray(
  walk: CopyWalk,
  source: readonly unknown[],
  depth: number,
  copyValue: CopyValue,
): readonly unknown[] {
  if (getPrototypeOf(source) !== Array.prototype && !isForeignArray(source)) {
    throw new Refusal('is an instance of a class derived from Array; store a plain array');
  }
  const isDense = keys(source).length === source.length;
  const copyElements = isDense ? copyDense : copySparse;
  const target = copyElements(walk, source, depth, copyValue);
  refuseSymbols(source);
  return freeze(target);
}

function copyDense(
  walk: CopyWalk,
  source: readonly unknown[],
  depth: number,
  copyValue: CopyValue,
): unknown[] {
  const { length } = source;
  // As long as it will be: one that grows is given room for 16 more elements, for good.
  const target = new Array<unknown>(length);
  let place: PlaceName = 0;
  try {
    for (let index = 0; index < length; index++) {
      place = index;
      refuseGetter(source, index);
      const value = source[index];
      if (value === undefined) {
        refuseSetter(source, index);
        // As many names as elements, yet a hole: a name must be something else.
        if (!hasOwn(source, index)) {
          place = String(keys(source).at(-1));
          throw namedElement();
        }
      }
      target[index] = copyValue(walk, value, depth + 1);
    }
  } catch (thrown) {
    throw Refusal.leaving(source, place, thrown);
  }
  return target;
}

/** By name, so that a sparse array costs what it holds and not its length. */
function copySparse(
  walk: CopyWalk,
  source: readonly unknown[],
  depth: number,
  copyValue: CopyValue,
): unknown[] {
  walk.json = false;
  const target: unknown[] = [];
  target.length = source.length;
  let place: PlaceName = 0;
  try {
    for (place of keys(source)) {
      const index = Number(place);
      if (!(index < source.length && String(index) === place)) throw namedElement();
      place = index;
      refuseGetter(source, index);
      const value = source[index];
      if (value === undefined) refuseSetter(source, index);
      target[index] = copyValue(walk, value, depth + 1);
    }
  } catch (thrown) {
    throw Refusal.leaving(source, place, thrown);
  }
  return target;
}

function namedElement(): Refusal {
  return new Refusal('is a named property of an array, which cannot be stored; use an object');
}
