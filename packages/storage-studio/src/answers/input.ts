import type { RecordKind } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import * as v from 'valibot';
import { LIMITS, type VersionStatus } from '../api/index.js';

// What stands behind the ? is text; in a body, numbers and booleans are themselves.

export const text: v.GenericSchema<unknown, string> = v.string();
export const name: v.GenericSchema<unknown, string> = v.pipe(v.string(), v.minLength(1, 'must not be empty'));

export const count: v.GenericSchema<unknown, number> = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,16}$/, 'must be a number'), v.transform(Number))]),
  v.safeInteger('must be an integer'),
  v.minValue(0, 'must not be negative'),
);

export const flag: v.GenericSchema<unknown, boolean> = v.union([
  v.boolean(),
  v.pipe(
    v.picklist(['true', 'false'], 'must be true or false'),
    v.transform((value) => value === 'true'),
  ),
]);

export const status: v.GenericSchema<unknown, VersionStatus> = v.picklist([
  'pending',
  'active',
  'draining',
  'decommissioned',
]);

export const kind: v.GenericSchema<unknown, RecordKind> = v.picklist(RECORD_KIND_NAMES);

export const limit: v.GenericSchema<unknown, number> = v.pipe(
  count,
  v.minValue(1, 'must be at least 1'),
  v.maxValue(LIMITS.page, `must be at most ${LIMITS.page}`),
);
