import type { Entry } from '@gati-framework/manifest-store';
import { jsonText, preparePut } from '@gati-framework/manifest-store/backend';
import { stringify } from 'devalue';

/** What stands for a record's value in an archive: records of the same text are the same, and none else have it. */
export function recordContent({ kind, value }: Pick<Entry, 'kind' | 'value'>): string {
  const { json } = preparePut(kind, value, Number.POSITIVE_INFINITY);
  return json ? `"value":${jsonText(value)}` : `"devalue":${JSON.stringify(stringify(value))}`;
}
