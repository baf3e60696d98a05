// Rows that set stores against each other: the same writes, or the same reads.
import { manifest, shuffled } from '../records.mjs';
import { verifyRecords } from '../stores/verify.mjs';

/** Apart, so that no row finds what another has stored. */
const VERSIONS_OF_A_ROW = 1_000;
let rowsOfWrites = 0;

/** Every round stores new versions, as a deployment does. */
export function writes(bench, stores, { callers, each, rounds = 7 }) {
  const count = callers * each;
  rowsOfWrites += 1;
  const firstVersion = rowsOfWrites * VERSIONS_OF_A_ROW;
  return bench.contest({
    rounds,
    callers,
    contestants: stores.map((store) => ({ ...store, call: store.write })),
    inputs: (round) => Array.from({ length: count }, (_, i) => manifest(i, firstVersion + round)),
    verify: (store, records) => verifyRecords(store.read, records),
  });
}

/** Reads of version 1 of handlers that were filled in, in the same order by all. */
export function reads(bench, stores, { callers = 1, count, among, rounds = 9, collect }) {
  const records = shuffled(among, count).map((n) => manifest(n, 1));
  const keys = records.map(({ handlerId, version }) => ({ handlerId, version }));
  return bench.contest({
    rounds,
    callers,
    collect,
    contestants: stores.map((store) => ({
      ...store,
      call: ({ handlerId, version }) => store.read(handlerId, version),
    })),
    inputs: () => keys,
    verify: (store) => verifyRecords(store.read, records),
  });
}
