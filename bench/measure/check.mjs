import { Bench } from './bench.mjs';
import { formatRatio } from './format.mjs';
import { measureRows } from './rows.mjs';

/** A row fails below this share of the ratio that was noted: a busy machine does not do that, a mistake does. */
const TOLERATED = 1 / 3;
const ATTEMPTS = 3;

/**
 * Measures briefly how ours compares with what is by hand, or else with the peer, and compares that with what was noted.
 *
 * @param {import('../rows/index.mjs').Group[]} groups
 * @param {string[]} wanted Beginnings of names; none: every row that says `check`.
 * @param {import('../report/results.mjs').Results} noted
 * @param {(line: string) => void} print
 * @throws {Error} With the names of the rows that have fallen back, each of them three times.
 */
export async function checkRows(groups, wanted, noted, print) {
  const chosen = groups.map((group) => ({ ...group, rows: group.rows.filter(({ check }) => check) }));
  let names = wanted;
  let fallen = [];
  for (let attempt = 0; attempt < ATTEMPTS && (attempt === 0 || fallen.length > 0); attempt++) {
    fallen = await attemptRows(chosen, names, noted, print);
    names = fallen;
  }
  if (fallen.length > 0) {
    throw new Error(
      `Less than a third of what bench/results.json says: ${fallen.join(', ')}. ` +
        'Where that is meant, note it: npm run bench -- --write <row>',
    );
  }
}

async function attemptRows(groups, names, noted, print) {
  const fallen = [];
  const bench = new Bench({ brief: true });
  try {
    for await (const { row, figures } of measureRows(bench, groups, names)) {
      const then = bestRatio(noted.rows[row.name]?.figures ?? []);
      if (then === undefined)
        throw new Error(`bench/results.json lacks ${row.name}: npm run bench -- --write ${row.name}`);
      const now = bestRatio(figures, then.who);
      const isFallen = now.ratio < then.ratio * TOLERATED;
      const comparison = `${formatRatio(now.ratio)} of ${then.who}, noted ${formatRatio(then.ratio)}`;
      print(`${row.name}: ${comparison}${isFallen ? ': too slow' : ''}`);
      if (isFallen) fallen.push(row.name);
    }
  } finally {
    await bench.close();
  }
  return fallen;
}

/** By the best rounds, as a busy machine spoils most of them. @param {string} [who] Else the floor, or else a peer. */
function bestRatio(figures, who) {
  const ours = figures.find(({ role }) => role === 'ours');
  const others = figures.filter(({ role }) => role === 'floor' || role === 'peer');
  const other =
    others.find((figure) => figure.who === who) ?? others.find(({ role }) => role === 'floor') ?? others[0];
  if (ours === undefined || other === undefined) return undefined;
  return { who: other.who, ratio: other.best / ours.best };
}
