import { formatTable } from './format-table.js';

/** A line for each name that has a value, the values one below the other. Nothing is cut. */
export function formatPairs(pairs: readonly (readonly [string, string | number | undefined])[]): string {
  const known = pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return formatTable([], known, {});
}
