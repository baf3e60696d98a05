import { isDisguised, isForeignObjectPrototype, setField } from '../platform/plain-objects.js';
import { copyArray } from './copy-array.js';
import { copyBuiltIn } from './copy-built-in.js';
import { type CopyWalk, enterContainer } from './copy-walk.js';
import { describeType } from './input.js';
import { refuseGetter, refuseSetter, refuseSymbols } from './own-properties.js';
import { Refusal } from './refusal.js';

const { freeze, getPrototypeOf } = Object;

type Fields = Record<string, unknown>;

/** Copies a value and all that it contains, frozen where it can be; throws a {@link Refusal}. */
export function copyValue(walk: CopyWalk, value: unknown, depth: number): unknown {
  // Not a switch: for that the engine makes the name of the type and compares it.
  if (typeof value === 'string') {
    walk.units += value.length + 2;
    return value;
  }
  if (typeof value === 'object' && value !== null) return copyContainer(walk, value, depth);
  return copyScalar(walk, value);
}

function copyScalar(walk: CopyWalk, value: unknown): unknown {
  walk.units += 1;
  if (typeof value === 'number') {
    // JSON has no NaN, no infinities and no negative zero.
    if (!Number.isFinite(value) || (value === 0 && 1 / value < 0)) walk.json = false;
  } else if (typeof value === 'bigint') {
    walk.json = false;
    walk.units += value.toString().length - 1;
  } else if (value === undefined) {
    walk.json = false;
  } else if (typeof value !== 'boolean' && value !== null) {
    throw new Refusal(`is ${describeType(value)}, which cannot be stored; store plain data`);
  }
  return value;
}

function copyContainer(walk: CopyWalk, source: object, depth: number): object {
  enterContainer(walk, source, depth);
  if (Array.isArray(source)) return copyArray(walk, source, depth, copyValue);
  const prototype: object | null = getPrototypeOf(source);
  if (prototype === Object.prototype) return copyFields(walk, source, {}, depth);
  if (prototype === null) {
    walk.json = false;
    return copyFields(walk, source, Object.create(null), depth);
  }
  if (isForeignObjectPrototype(prototype)) {
    walk.inherits = true;
    return copyFields(walk, source, {}, depth);
  }
  return copyBuiltIn(walk, source, depth, copyValue);
}

function copyFields(walk: CopyWalk, source: object, target: Fields, depth: number): object {
  let isEmpty = true;
  let name = '';
  try {
    // Twice as fast as Object.keys here: the engine knows where for...in's properties are.
    for (name in source) {
      if (walk.inherits && !Object.hasOwn(source, name)) continue;
      isEmpty = false;
      refuseGetter(source, name);
      if (name === '__proto__') throw new Refusal('is a property that cannot be stored; rename it');
      const value = (source as Fields)[name];
      if (value === undefined) {
        refuseSetter(source, name);
        continue;
      }
      walk.units += name.length + 3;
      setField(target, name, copyValue(walk, value, depth + 1));
    }
  } catch (thrown) {
    throw Refusal.leaving(source, name, thrown);
  }
  if ((isEmpty || ArrayBuffer.isView(source)) && isDisguised(source)) {
    throw new Refusal('is a built-in object with the prototype of another; store plain data');
  }
  refuseSymbols(source);
  return freeze(target);
}
