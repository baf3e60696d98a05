/**
 * The one row of the store, of which the newest version comes first: older ones may precede it, as none can be removed
 * for as long as somebody holds a snapshot from before. By the index, backwards, they are not looked at.
 *
 * @param schema Quoted.
 */
export function storeRow(schema: string, columns = 'epoch, revision'): string {
  return `(SELECT ${columns} FROM ${schema}.store ORDER BY id DESC LIMIT 1)`;
}

/** The row with what `OLDEST` is made of. */
export function storeRowWithPast(schema: string): string {
  return storeRow(schema, 'epoch, revision, trimmed_to, past_from');
}

/** Of that row: the first revision that the past can be read at. */
export const OLDEST = 'LEAST(GREATEST(s.trimmed_to, s.past_from), s.revision)';
