import { setImmediate as nextTurn } from 'node:timers/promises';

/** Counts the turns of the event loop until something is settled, and looks around in each. */
export async function turnsUntil(settled: Promise<unknown>, look: () => void = () => {}): Promise<number> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  settled.then(settle, settle);
  for (let turns = 0; ; turns++) {
    if (isSettled) return turns;
    look();
    await nextTurn();
  }
}
