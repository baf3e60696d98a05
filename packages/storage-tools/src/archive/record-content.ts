import type { Entry } from '@gati-framework/manifest-store';
import { jsonText, preparePut } from '@gati-framework/manifest-store/backend';
import { stringify } from 'devalue';
import { isPlainJson } from './is-plain-json.js';

/** A record of a store, or one that is to be put there. */
export interface ArchivableRecord extends Pick<Entry, 'kind' | 'value'> {
  /** The JSON text of its value, where somebody has made it already. */
  readonly text?: string | undefined;
}

/** What stands for a record's value in an archive: records of the same text are the same, and none else have it. */
export function recordContent({ kind, value, text }: ArchivableRecord): string {
  if (text !== undefined) return `"value":${text}`;
  const isJson = isPlainJson(value) || preparePut(kind, value, Number.POSITIVE_INFINITY).json;
  return isJson ? `"value":${jsonText(value)}` : `"devalue":${JSON.stringify(stringify(value))}`;
}
