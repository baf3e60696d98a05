// The records of the kill test: few keys, each written again and again with a growing number.
export const SINGLE_SLOTS = 64;
export const BATCH_SIZE = 8;

export function singleRecord(writer, slot, number) {
  return {
    handlerId: `${writer}.single`,
    version: `slot-${slot}`,
    path: '/x',
    method: 'GET',
    gtypes: { request: 'A', response: 'B' },
    hooks: { before: [], after: [] },
    timescapeVersion: 'x'.repeat(number % 2000), // sizes differ, so pages split and move
    policies: {},
    dependencies: { modules: [] },
    hash: String(number),
    createdAt: slot,
  };
}

export function batchRecord(writer, index, number) {
  return {
    ref: `${writer}.batch.${index}`,
    kind: 'primitive',
    primitiveType: 'string',
    description: String(number),
  };
}
