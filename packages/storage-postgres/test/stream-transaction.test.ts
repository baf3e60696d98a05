import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { StreamTransaction } from '../src/commit/stream-transaction.js';

/** A connection that answers whatever it is asked, until it is lost. */
class Client extends EventEmitter {
  query(): Promise<{ rows: never[] }> {
    return Promise.resolve({ rows: [] });
  }
  release(): void {}
}

test('a source that is waited for is closed when the connection is taken away', async () => {
  const client = new Client();
  const transaction = new StreamTransaction(client as never);
  let isClosed = false;
  let yieldNext = (): void => {};
  async function* batches(): AsyncGenerator<never[]> {
    try {
      yield [];
      await new Promise<void>((resolve) => {
        yieldNext = resolve;
      });
      yield [];
    } finally {
      isClosed = true;
    }
  }
  const lost = new Error('the server went away');
  const taking = transaction.take(batches(), async () => {});
  taking.catch(() => {});
  await new Promise((resolve) => setImmediate(resolve));
  client.emit('error', lost);
  await expect(taking).rejects.toBe(lost);
  yieldNext();
  await expect.poll(() => isClosed).toBe(true);
});
