import { Refusal } from './refusal.js';

const { getOwnPropertyDescriptor, getOwnPropertySymbols } = Object;
// Almost twice as fast as asking for the whole property descriptor.
const lookupGetter: (this: object, key: string | number) => unknown = Reflect.get(
  Object.prototype,
  '__lookupGetter__',
);

/** Refuses a getter without calling it. To be asked before the property is read. */
export function refuseGetter(source: object, name: string | number): void {
  if (lookupGetter.call(source, name) !== undefined) throw accessor();
}

/** Refuses a setter without a getter, which reads as `undefined`. */
export function refuseSetter(source: object, name: string | number): void {
  if (getOwnPropertyDescriptor(source, name)?.set !== undefined) throw accessor();
}

export function refuseSymbols(source: object): void {
  if (getOwnPropertySymbols(source).length === 0) return;
  throw new Refusal('has a symbol as property name, which cannot be stored; use a string');
}

function accessor(): Refusal {
  return new Refusal('is a getter or setter, which cannot be stored; store the value it yields');
}
