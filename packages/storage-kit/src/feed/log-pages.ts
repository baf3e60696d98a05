import type { LogEntry, Revision } from '@gati-framework/manifest-store';
import type { LogRange, RecordPast } from '../record-driver.js';
import { toLogEntry } from '../records/answers.js';

/** Most commits of a page. */
const PAGE_COMMITS = 256;

/**
 * The commits of a range, read in pages.
 *
 * @param current Where the store is: what is committed later is not told.
 */
export async function* logPages(
  past: RecordPast,
  range: LogRange,
  current: Revision,
): AsyncGenerator<LogEntry> {
  const before = Math.min(range.before ?? current + 1, current + 1);
  let rest: LogRange = { ...range, before };
  while (rest.limit > 0) {
    const page = await past.log({ ...rest, limit: Math.min(rest.limit, PAGE_COMMITS) });
    const last = page.at(-1);
    if (last === undefined) return;
    yield* page.map(toLogEntry);
    rest = {
      ...rest,
      limit: rest.limit - page.length,
      ...(range.reverse ? { before: last.revision } : { after: last.revision }),
    };
  }
}
