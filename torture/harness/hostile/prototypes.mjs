const SHARED = [Object, Array, Function, Promise, Map, Set, Date, RegExp, String, Number, Error, Symbol];

/** What all objects of the process share, or all of one kind, as it is now: names, values and accessors. */
export function sharedPrototypes(kinds = SHARED) {
  return kinds
    .flatMap((one) => [one, one.prototype])
    .map((one) => {
      const names = Reflect.ownKeys(one);
      return names.map((name) => [name, Object.getOwnPropertyDescriptor(one, name)]);
    });
}

/** @param {ReturnType<typeof sharedPrototypes>} before */
export function isAsBefore(before, kinds = SHARED) {
  const now = sharedPrototypes(kinds);
  return before.every(
    (list, i) => list.length === now[i].length && list.every((one, j) => isSame(one, now[i][j])),
  );
}

function isSame([name, before], [other, now]) {
  const parts = ['value', 'get', 'set', 'writable', 'enumerable', 'configurable'];
  return name === other && parts.every((part) => Object.is(before[part], now[part]));
}
