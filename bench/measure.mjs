// Timing of two things that do the same work, side by side in one process.

/**
 * Runs both sides in turn, so that whatever else the machine does hits both,
 * and compares medians.
 *
 * @param {{ rounds?: number, operations: number, ours: Side, peer: Side }} options
 * `run` does `operations` operations; `prepare` runs untimed before each round.
 * @typedef {{ prepare?: (round: number) => unknown, run: (prepared: any) => unknown }} Side
 */
export async function compare({ rounds = 15, operations, ours, peer }) {
  const times = { ours: [], peer: [] };
  // Two untimed rounds let the compiler settle.
  for (let round = -2; round < rounds; round++) {
    const sides = round % 2 === 0 ? { ours, peer } : { peer, ours };
    for (const [name, side] of Object.entries(sides)) {
      const prepared = await side.prepare?.(round);
      globalThis.gc?.();
      const start = process.hrtime.bigint();
      await side.run(prepared);
      const nanoseconds = Number(process.hrtime.bigint() - start) / operations;
      if (round >= 0) times[name].push(nanoseconds);
    }
  }
  const result = { ours: median(times.ours), peer: median(times.peer) };
  return { ...result, ratio: median(times.ours.map((time, i) => times.peer[i] / time)) };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

export function formatTime(nanoseconds) {
  if (nanoseconds < 1_000) return `${nanoseconds.toFixed(0)} ns`;
  if (nanoseconds < 1_000_000) return `${(nanoseconds / 1_000).toFixed(1)} us`;
  return `${(nanoseconds / 1_000_000).toFixed(1)} ms`;
}
