/** A field of a value, which the types need not know; `undefined` where there is none. */
export function fieldOf(value: unknown, name: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Calls a method by its name, with arguments that its type need not allow. A promise, if the method keeps its word. */
export function callMethod(target: object, name: string, args: readonly unknown[]): Promise<unknown> {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== 'function') throw new TypeError(`there is no method ${name}`);
  return Reflect.apply(method, target, args);
}

/** What the types forbid, for a call that must refuse it. */
export function illTyped(value: unknown): never {
  return value as never;
}
