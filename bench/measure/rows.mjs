/**
 * Measures rows, one after the other; what a group's rows share is open only meanwhile.
 *
 * @param {import('./bench.mjs').Bench} bench
 * @param {import('../rows/index.mjs').Group[]} groups
 * @param {string[]} wanted Beginnings of names; none: every row.
 */
export async function* measureRows(bench, groups, wanted) {
  for (const { title, open, close, rows } of groups) {
    const chosen = rows.filter(({ name }) => isWanted(name, wanted));
    if (chosen.length === 0) continue;
    const opened = await open?.(bench);
    try {
      for (const row of chosen) yield { group: title, row, figures: await row.measure(opened, bench) };
    } finally {
      await close?.(opened);
    }
  }
}

function isWanted(name, wanted) {
  return wanted.length === 0 || wanted.some((start) => name.startsWith(start));
}
