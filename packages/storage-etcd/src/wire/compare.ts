import { bytesField, intField, message, type Pieces, presentInt } from './protobuf.js';

/** A condition of a transaction. A key that is absent has the revision and the version 0, and fails whatever its value is to be. */
export interface Compare {
  readonly key: string;
  readonly target: keyof typeof TARGETS;
  readonly is: keyof typeof RELATIONS;
  /** A text is compared with the value of the key, byte by byte. */
  readonly value: number | string;
}

const RELATIONS = { equal: 0, greater: 1, less: 2 };
/** Each with the field that says what it is compared with. */
const TARGETS = {
  version: { number: 0, field: 4 },
  modRevision: { number: 2, field: 6 },
  value: { number: 3, field: 7 },
};

export function encodeCompare({ key, target, is, value }: Compare): Pieces {
  const { number, field } = TARGETS[target];
  return message(
    intField(1, RELATIONS[is]),
    intField(2, number),
    bytesField(3, key),
    // One of several: there also when it is 0.
    typeof value === 'string' ? bytesField(field, value) : presentInt(field, value),
  );
}
