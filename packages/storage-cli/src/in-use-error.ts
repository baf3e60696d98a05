import { describeKey, StorageErrorBase } from '@gati-framework/manifest-store/backend';
import type { Referrer } from '@gati-framework/storage-tools/delete';
import { plural } from './text/words.js';

/** How many of those that name a record are told. */
const SHOWN = 5;

/** What was to be deleted is named by records that stay. Nothing was deleted. */
export class InUseError extends StorageErrorBase<
  'RECORD_IN_USE',
  { readonly referrers: readonly Referrer[] }
> {
  constructor(referrers: readonly Referrer[]) {
    const shown = referrers
      .slice(0, SHOWN)
      .map(({ kind, key, path }) => `${describeKey(kind, key)} at ${path}`);
    const more = referrers.length > SHOWN ? `, and ${referrers.length - SHOWN} more` : '';
    const message =
      `${plural(referrers.length, 'reference')} would lead to nothing: ${shown.join(', ')}${more}. Nothing was deleted. ` +
      'Delete what refers to it first, or delete it all the same with --force.';
    super('RECORD_IN_USE', message, { details: { referrers } });
  }
}
