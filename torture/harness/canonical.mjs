/** Any value that a storage can hold, as a text that is the same only for the same value, whichever Node.js makes it. */
export function canonical(value) {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'object':
      return ofObject(value);
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    default:
      return `${typeof value} ${String(value)}`;
  }
}

function ofObject(value) {
  // By what is there: an array may have four billion holes.
  if (Array.isArray(value)) return `[${value.length}: ${partsOf(value)}]`;
  if (value instanceof Date) return `Date ${value.getTime()}`;
  if (value instanceof RegExp) return `RegExp ${value}`;
  if (value instanceof Map) return `Map ${canonical([...value])}`;
  if (value instanceof Set) return `Set ${canonical([...value])}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} [${[...value]}]`;
  return `{${partsOf(value)}}`;
}

function partsOf(value) {
  return Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`);
}
