import {
  jsonText,
  type PreparedChange,
  type PreparedPut,
  RECORD_KINDS,
  readField,
} from '@gati-framework/manifest-store/backend';
import { stringify } from 'devalue';
import type { EncodedChange, EncodedPut } from '../record-driver.js';
import { digestOf } from './digest.js';

export function encodeChange(change: PreparedChange): EncodedChange {
  return change.op === 'put' ? encodePut(change) : change;
}

function encodePut({ kind, key, value, json, text: made }: PreparedPut): EncodedPut {
  const text = made ?? (json ? jsonText(value) : stringify(value));
  const { lookupFields, createdAt } = RECORD_KINDS[kind];
  return {
    op: 'put',
    kind,
    key,
    columns: {
      lookup: lookupFields.map((field) => String(readField(value, field))),
      createdAt: createdAt ? Number(readField(value, 'createdAt')) : undefined,
    },
    encoding: json ? 'json' : 'devalue',
    text,
    digest: digestOf(text),
  };
}
