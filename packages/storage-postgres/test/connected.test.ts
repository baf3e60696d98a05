import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { connected } from '../dist/connections/connected.js';

test('who waits for a connection to a server that hangs hears that it was ended', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  await once(silent, 'listening');
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(Object(silent.address()).port),
    user: 'gati',
  });
  const connecting = connected(client);
  await once(silent, 'connection');
  void client.end();
  Object(client).connection.stream.destroy();
  await expect(connecting).rejects.toThrow('Connection terminated');
});
