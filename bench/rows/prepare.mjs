// What every write goes through first: validation, copying and freezing, in one walk.
import { deepEqual } from 'node:assert/strict';
import { preparePut } from '@gati-framework/manifest-store/backend';
import { manifest } from '../records.mjs';

const RECORDS = 500;

export const prepare = {
  title: 'Taking a record in',
  about:
    'A manifest of 11 fields, some 500 bytes of JSON. By hand: a loop that copies and freezes, and checks nothing.',
  rows: [
    {
      name: 'prepare',
      title: 'validating, copying and freezing one manifest',
      bound:
        'Asking the engine of each property whether it is a getter, and of each object and array whether it has symbols ' +
        'or names that are no index: a plain function that copies, freezes and asks this takes 2.6 times by hand, and 2.9 ' +
        'times if it also looks whether Object.prototype has a setter of that name.',
      check: true,
      measure: (_, bench) =>
        bench.contest({
          rounds: 101,
          collect: false,
          synchronous: true,
          contestants: [
            { who: 'ours', role: 'ours', call: (record) => preparePut('manifest', record).value },
            { who: 'by hand', role: 'floor', call: frozenCopy },
            {
              who: 'structuredClone',
              role: 'peer',
              note: 'not frozen',
              call: (record) => structuredClone(record),
            },
          ],
          inputs: () => Array.from({ length: RECORDS }, (_, i) => manifest(i, 1)),
          verify: async ({ call }, records) => deepEqual({ ...call(records[7]) }, records[7]),
        }),
    },
  ],
};

function frozenCopy(value) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy));
  const copy = {};
  for (const name of Object.keys(value)) copy[name] = frozenCopy(value[name]);
  return Object.freeze(copy);
}
