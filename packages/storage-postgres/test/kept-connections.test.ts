import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { KeptConnections } from '../dist/connections/kept-connections.js';
import type { PostgresClient } from '../dist/connections/postgres-pool.js';

type FakeClient = EventEmitter & Pick<PostgresClient, 'query' | 'release'>;

const fakeClient = (): FakeClient => Object.assign(new EventEmitter(), { query: vi.fn(), release: vi.fn() });

test('whoever comes next gets the connection whose work ended last, without asking the pool', () => {
  const kept = new KeptConnections();
  const [first, second] = [fakeClient(), fakeClient()];
  kept.keep(first);
  kept.keep(second);
  expect([kept.take(), kept.take(), kept.take()]).toEqual([second, first, undefined]);
  expect(first.release).not.toHaveBeenCalled();
});

test('what nobody takes goes back to the pool by itself', async () => {
  const kept = new KeptConnections();
  const client = fakeClient();
  kept.keep(client);
  await vi.waitFor(() => expect(client.release).toHaveBeenCalledExactlyOnceWith(false));
  expect(kept.take()).toBeUndefined();
});

test('a connection that is lost while it is kept is nobody’s any more', () => {
  const kept = new KeptConnections();
  const [lost, good] = [fakeClient(), fakeClient()];
  kept.keep(good);
  kept.keep(lost);
  lost.emit('end');
  expect(kept.take()).toBe(good);
  expect(lost.release).toHaveBeenCalledExactlyOnceWith(true);
});
