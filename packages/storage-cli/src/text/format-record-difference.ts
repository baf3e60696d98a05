import { describeKey } from '@gati-framework/manifest-store/backend';
import type { FieldDifference, RecordDifference } from '@gati-framework/storage-tools/diff';
import type { Colour, Paint } from './colour.js';
import { cutTo } from './display-width.js';
import { printable } from './printable.js';
import { valueText } from './value-text.js';

type Change = RecordDifference['change'];

const SIGN: Readonly<Record<Change, string>> = { added: '+', removed: '-', changed: '~' };
const COLOUR: Readonly<Record<Change, Colour>> = { added: 'green', removed: 'red', changed: 'yellow' };

export interface DifferenceOptions {
  /** Columns of the terminal; undefined: nothing is cut. */
  readonly width: number | undefined;
  readonly paint: Paint;
}

/** A record that differs, and each of its fields that do, a line each. */
export function formatRecordDifference(
  { change, kind, key, fields }: Pick<RecordDifference, 'change' | 'kind' | 'key' | 'fields'>,
  options: DifferenceOptions,
): string {
  const head = line(`${SIGN[change]} ${describeKey(kind, key)}`, COLOUR[change], options);
  return [head, ...fields.map((field) => fieldLine(field, options))].join('\n');
}

export function fieldLine(field: FieldDifference, options: DifferenceOptions): string {
  const name = field.path === '' ? '' : `${field.path}: `;
  const wasThere = 'before' in field;
  const isThere = 'after' in field;
  if (wasThere && isThere)
    return line(`    ${name}${valueText(field.before)} -> ${valueText(field.after)}`, undefined, options);
  if (wasThere) return line(`  - ${name}${valueText(field.before)}`, 'red', options);
  return line(`  + ${name}${valueText(field.after)}`, 'green', options);
}

function line(text: string, colour: Colour | undefined, { width, paint }: DifferenceOptions): string {
  const safe = printable(text);
  const shown = width === undefined ? safe : cutTo(width, safe);
  return colour === undefined ? shown : paint(colour, shown);
}

/** Without the records themselves, which may be long: where they differ says enough. */
export function differenceAsJson({
  change,
  kind,
  key,
  fields,
}: Pick<RecordDifference, 'change' | 'kind' | 'key' | 'fields'>): object {
  return { change, kind, key, fields };
}
