import type { PostgresClient } from './postgres-pool.js';

/**
 * While a connection is lent its pool does not listen, and an error that nobody
 * listens to ends the process. Whoever waits for an answer hears of it anyway.
 */
export function lend(client: PostgresClient): PostgresClient {
  client.on('error', ignore);
  return client;
}

/** @param isBroken It is not to be used again. */
export function giveBack(client: PostgresClient, isBroken: boolean): void {
  client.removeListener('error', ignore);
  client.release(isBroken);
}

function ignore(): void {}
