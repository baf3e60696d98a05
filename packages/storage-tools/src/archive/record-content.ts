import type { Entry } from '@gati-framework/manifest-store';
import { jsonText, preparePut } from '@gati-framework/manifest-store/backend';
import { stringify } from 'devalue';
import { isPlainJson } from './is-plain-json.js';

/**
 * What stands for a record's value in an archive: records of the same text are the same, and none else have it.
 *
 * @param text The JSON text of its value, where somebody has made it already.
 */
export function recordContent({ kind, value }: Pick<Entry, 'kind' | 'value'>, text?: string): string {
  if (text !== undefined) return `"value":${text}`;
  const isJson = isPlainJson(value) || preparePut(kind, value, Number.POSITIVE_INFINITY).json;
  return isJson ? `"value":${jsonText(value)}` : `"devalue":${JSON.stringify(stringify(value))}`;
}
