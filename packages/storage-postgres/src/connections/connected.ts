import { timers } from '@gati-framework/manifest-store/backend';
import type pg from 'pg';

/**
 * Resolves when the client is connected; rejects also when it was ended before, of which the driver tells nobody who
 * waits for the connection.
 */
export function connected(client: pg.Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('end', async () => {
      await timers.nextTurn(); // what the driver tells, if it does, says more
      reject(new Error('Connection terminated: it is not wanted any more'));
    });
    client.connect().then(() => resolve(), reject);
  });
}
