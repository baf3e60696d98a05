/** Values that `Object.freeze` cannot protect; each call makes new ones. */
export function mutableBuiltIns(): object {
  return {
    date: new Date(86_400_000),
    map: new Map<unknown, unknown>([
      ['a', new Date(1)],
      ['b', new Map([['c', 1]])],
    ]),
    set: new Set<unknown>([1, 'two']),
    regexp: /a+b/g,
    bytes: new Uint8Array([1, 2, 3]),
    floats: new Float64Array([0.5, -0, Number.NaN]),
    buffer: new Uint8Array([9, 8, 7]).buffer,
    list: [{ date: new Date(5) }],
  };
}

/** Changes everything in a value that {@link mutableBuiltIns} made. */
export function changeBuiltIns(value: unknown): void {
  const { date, map, set, regexp, bytes, floats, buffer, list } = value as {
    date: Date;
    map: Map<unknown, unknown>;
    set: Set<unknown>;
    regexp: RegExp;
    bytes: Uint8Array;
    floats: Float64Array;
    buffer: ArrayBuffer;
    list: [{ date: Date }];
  };
  date.setTime(0);
  (map.get('a') as Date).setTime(99);
  (map.get('b') as Map<string, number>).clear();
  map.set('spoilt', true);
  set.clear();
  // Frozen RegExps are allowed: they only refuse this.
  if (!Object.isFrozen(regexp)) regexp.lastIndex = 3;
  bytes.fill(0);
  floats.fill(0);
  new Uint8Array(buffer).fill(0);
  list[0].date.setTime(99);
}
