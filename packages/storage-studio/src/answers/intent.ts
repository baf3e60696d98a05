import * as v from 'valibot';
import type { Intent } from '../api/index.js';
import { count, flag, text } from './input.js';
import { invalidInput } from './invalid-input.js';

/** Fields of everything that writes. */
export const intentFields: {
  readonly dryRun: v.ExactOptionalSchema<v.GenericSchema<unknown, boolean>, undefined>;
  readonly expectRevision: v.ExactOptionalSchema<v.GenericSchema<unknown, number>, undefined>;
  readonly note: v.ExactOptionalSchema<v.GenericSchema<unknown, string>, undefined>;
} = {
  dryRun: v.exactOptional(flag),
  expectRevision: v.exactOptional(count),
  note: v.exactOptional(text),
};

interface Given {
  readonly dryRun?: boolean;
  readonly expectRevision?: number;
  readonly note?: string;
}

/** One of the two must be said, so that nothing is ever done that nobody has seen. */
export function intentOf({ dryRun, expectRevision, note }: Given): Intent {
  const said = note === undefined ? {} : { note };
  if (dryRun === true && expectRevision === undefined) return { dryRun, ...said };
  if (dryRun !== true && expectRevision !== undefined) return { expectRevision, ...said };
  throw invalidInput('dryRun', 'must be true, or expectRevision say at which revision this was seen');
}
