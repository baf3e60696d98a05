import { BinaryArray } from '../sql/binary-arrays.js';
import type { RecordName } from './read-batcher.js';

/** The parameters of the statement `byKeys`. */
export function toKeyArrays(names: readonly RecordName[]): Buffer[] {
  const arrays = Array.from({ length: 3 }, () => new BinaryArray('text'));
  for (const { kind, key } of names) {
    const [first, second = ''] = key;
    [kind, first, second].forEach((value, i) => {
      arrays[i]?.add(value);
    });
  }
  return arrays.map((array) => array.finish());
}
