/**
 * A value that shares with a known one whatever is equal in both, texts too. Versions of a handler differ
 * in little, so a store of many versions takes a fraction of the memory that way. Both are frozen, so nobody can tell.
 */
export function sharing<T>(value: T, known: unknown): T {
  if (Object.is(known, value)) return known as T;
  if (Array.isArray(value)) return Array.isArray(known) && areEqual(value, known) ? (known as T) : value;
  if (!isPlain(value) || !isPlain(known)) return value;
  const names = Object.keys(value);
  const shared: Record<string, unknown> = {};
  let isSame = haveSameNames(names, Object.keys(known));
  for (const name of names) {
    // As a field it would be a prototype; such a record is left as it is.
    if (name === '__proto__') return value;
    shared[name] = sharing(value[name], known[name]);
    isSame &&= Object.is(shared[name], known[name]);
  }
  return isSame ? (known as T) : (Object.freeze(shared) as T);
}

function areEqual(list: readonly unknown[], known: readonly unknown[]): boolean {
  if (list.length !== known.length) return false;
  for (let i = 0; i < list.length; i++) {
    if (i in list !== i in known) return false;
    if (!Object.is(sharing(list[i], known[i]), known[i])) return false;
  }
  return true;
}

/** Dates, maps and the like are as they are. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** In the same order, too: that is kept. */
function haveSameNames(names: readonly string[], others: readonly string[]): boolean {
  return names.length === others.length && names.every((name, i) => name === others[i]);
}
