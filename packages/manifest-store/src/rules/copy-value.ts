import { isDisguised, isForeignObjectPrototype, setField } from '../platform/plain-objects.js';
import { copyArray } from './copy-array.js';
import { copyBuiltIn } from './copy-built-in.js';
import { type CopyWalk, enterContainer } from './copy-walk.js';
import { BUILT_IN_WEIGHT, FIELD_WEIGHT, numberWeight, stringWeight } from './heap-weight.js';
import { describeType } from './input.js';
import { refuseGetter, refuseSetter, refuseSymbols } from './own-properties.js';
import { Refusal } from './refusal.js';

const { freeze, getPrototypeOf } = Object;

/** Copies a value and all that it contains, frozen where it can be; throws a {@link Refusal}. */
export function copyValue(walk: CopyWalk, value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      walk.units += value.length + 2;
      walk.weight += stringWeight(value);
      return value;
    case 'number':
      // JSON has no NaN, no infinities and no negative zero.
      if (!Number.isFinite(value) || (value === 0 && 1 / value < 0)) walk.json = false;
      walk.units += 1;
      walk.weight += numberWeight(value);
      return value;
    case 'boolean':
      walk.units += 1;
      return value;
    case 'bigint':
      walk.json = false;
      walk.units += value.toString().length;
      walk.weight += BUILT_IN_WEIGHT;
      return value;
    case 'undefined':
      walk.json = false;
      walk.units += 1;
      return value;
    case 'object':
      if (value !== null) return copyContainer(walk, value, depth);
      walk.units += 1;
      return null;
    default:
      throw new Refusal(`is ${describeType(value)}, which cannot be stored; store plain data`);
  }
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

function copyFields(walk: CopyWalk, source: object, target: object, depth: number): object {
  let isEmpty = true;
  let name = '';
  try {
    // Twice as fast as Object.keys here: the engine knows where for...in's properties are.
    for (name in source) {
      if (walk.inherits && !Object.hasOwn(source, name)) continue;
      isEmpty = false;
      copyField(walk, source as Record<string, unknown>, target as Record<string, unknown>, name, depth);
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

function copyField(
  walk: CopyWalk,
  source: Record<string, unknown>,
  target: Record<string, unknown>,
  name: string,
  depth: number,
): void {
  refuseGetter(source, name);
  if (name === '__proto__') throw new Refusal('is a property that cannot be stored; rename it');
  const value = source[name];
  if (value === undefined) {
    refuseSetter(source, name);
    return;
  }
  walk.units += name.length + 3;
  walk.weight += FIELD_WEIGHT;
  setField(target, name, copyValue(walk, value, depth + 1));
}
