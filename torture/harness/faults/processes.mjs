// What happens to processes. Moments are counted in what was answered, and not in milliseconds: a busy machine is slower,
// and proves no less.
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { BLOCK } from './blocked-loop.mjs';

/** Kills a client after so many answers and a fraction of the time that one takes here. */
export async function killAfter(client, answers, fraction) {
  await client.answered(Math.min(answers, 1)); // to start takes as long as a thousand answers
  const begun = performance.now();
  await client.answered(answers);
  const each = (performance.now() - begun) / Math.max(1, client.answers - 1);
  await pause(fraction * each);
  client.child.kill();
}

/**
 * Stops a client in its tracks until the others have had so many answers, or have ended.
 *
 * @param {number} [bound] What it knows is to be older than so many milliseconds by then.
 */
export async function stopWhile(client, others, answers, bound = 0) {
  client.child.stop();
  await pause(2 * bound);
  await Promise.all(others.map((other) => other.answered(other.answers + answers)));
  client.child.resume();
}

/**
 * Blocks the event loop of a client until something has happened. It needs the interference `blocked-loop` with this flag.
 *
 * @param {string} flag A path.
 * @param {() => Promise<unknown>} happen
 */
export async function blockWhile(client, flag, happen) {
  writeFileSync(flag, '');
  try {
    client.child.send(BLOCK);
    await whenReached(client);
    await happen();
  } finally {
    rmSync(flag);
  }
}

/** Resolves when a client has come to where something happens to it, or has ended. */
export async function whenReached(client) {
  while (client.reached.length === 0 && !client.child.hasEnded)
    await Promise.race([once(client.child, 'line'), client.ended]);
}
