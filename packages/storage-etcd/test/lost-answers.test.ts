import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createEtcdStorage } from '@gati-framework/storage-etcd';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { countKeys, endpoints, newPrefix, open, put, silent } from './support/stores.js';

/** A way to etcd on which answers can be lost, while requests arrive. */
class OneWay {
  readonly #server = createServer((client) => this.#forward(client));
  readonly #sockets = new Set<Socket>();
  /** Answers that are still to be lost: with each, the connection. */
  #losses = 0;
  #isDeaf = false;
  /** Requests that say this do not arrive, and their connections end. */
  loses: RegExp | undefined;
  #holds: { readonly text: string; readonly resolve: (letGo: () => void) => void } | undefined;

  static async open(): Promise<OneWay> {
    const way = new OneWay();
    way.#server.listen(0, '127.0.0.1');
    await once(way.#server, 'listening');
    onTestFinished(() => way.close());
    return way;
  }

  get endpoint(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next so many answers are lost, and their connections with them. */
  lose(count: number): void {
    this.#losses = count;
  }

  /** From now on no answer arrives, and no connection ends. */
  deafen(): void {
    this.#isDeaf = true;
  }

  hear(): void {
    this.#isDeaf = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Resolves when a request comes by that says this, with what lets it go on; what comes after it waits, too. */
  hold(text: string): Promise<() => void> {
    return new Promise((resolve) => {
      this.#holds = { text, resolve };
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #forward(client: Socket): void {
    const [, host = '', port = ''] = /^http:\/\/(.*):(\d+)$/.exec(endpoints) ?? [];
    const server = connect(Number(port), host);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    let said = '';
    client.on('data', (chunk: Buffer) => {
      // What is looked for may begin in one chunk and end in the next.
      said = said.slice(-200) + chunk.toString('latin1');
      if (this.loses?.test(said)) return void client.destroy();
      const holds = this.#holds;
      if (holds === undefined || !chunk.includes(holds.text)) return void server.write(chunk);
      this.#holds = undefined;
      client.pause();
      return holds.resolve(() => {
        server.write(chunk);
        client.resume();
      });
    });
    server.on('data', (chunk) => {
      if (this.#isDeaf) return;
      if (this.#losses > 0) {
        this.#losses -= 1;
        client.destroy();
      } else client.write(chunk);
    });
  }
}

describe.skipIf(endpoints === '')('answers of etcd that are lost', () => {
  test('a commit whose answer is lost is made once, whatever it is and however often that happens', async () => {
    const way = await OneWay.open();
    const prefix = newPrefix();
    const storage = createEtcdStorage({ endpoints: way.endpoint, prefix, pollInterval: 60_000, log: silent });
    onTestFinished(() => storage.close());
    await storage.open();
    const large = 'x'.repeat(700_000);
    const made: number[] = [];
    for (let i = 1; i <= 12; i += 1) {
      way.lose(i % 4);
      const changes = i % 3 === 0 ? [put('a', `${large}${i}`), put('b', large)] : [put('a', `${i}`)];
      made.push(await storage.commit(changes, { note: `${i}` }));
    }
    expect(made).toEqual(made.map((_, i) => i + 1));
    const witness = createEtcdStorage({ endpoints, prefix });
    onTestFinished(() => witness.close());
    const notes: (string | undefined)[] = [];
    for await (const { note } of witness.log()) notes.push(note);
    expect(notes).toEqual(made.map(String));
  });

  test('a commit that nobody can be asked about is in doubt, and what it names is in the log or is not', async () => {
    const way = await OneWay.open();
    const prefix = newPrefix();
    const timeouts = { requestTimeout: 600, retryTimeout: 1_200 };
    const storage = createEtcdStorage({ endpoints: way.endpoint, prefix, log: silent, ...timeouts });
    onTestFinished(() => storage.close());
    await storage.commit([put('a')]);
    way.deafen();
    await expect(storage.commit([put('b')])).rejects.toMatchObject({
      code: 'STORAGE_IN_DOUBT',
      details: { operation: expect.any(String) },
    });
    await expect(storage.stats()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(await storage.health()).toMatchObject({ status: 'failed' });
    way.hear();
    // The request arrived, and so it was made.
    expect(await storage.stats()).toMatchObject({ revision: 2, gtypeCount: 2 });
    expect(await storage.commit([put('c')])).toBe(3);
  });

  test('a large commit of which a part could not be written is not made without that', async () => {
    const way = await OneWay.open();
    const prefix = newPrefix();
    const other = open(prefix);
    await other.commit([put('0')]);
    const storage = open(prefix, { endpoints: way.endpoint, retryTimeout: 1_500, log: silent });
    await storage.open();
    const large = ['a', 'b', 'c', 'd'].map((ref) => put(ref, 'x'.repeat(500_000)));
    way.loses = /text\/[\w-]+\/00000003/;
    await expect(storage.commit(large)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    way.loses = undefined;
    expect(await other.stats()).toMatchObject({ revision: 1, gtypeCount: 1 });
    expect(await storage.commit(large)).toBe(2);
    expect(await other.getGType('d')).toMatchObject({ ref: 'd' });
  });

  test('a watch that is behind while the log is trimmed is told that it missed commits, and of none after those', async () => {
    const way = await OneWay.open();
    const prefix = newPrefix();
    const storage = open(prefix);
    for (let i = 1; i <= 130; i += 1) await storage.commit([put(`${i}`)]);
    const patient = { pollInterval: 600_000, requestTimeout: 600_000, retryTimeout: 600_000 };
    const behind = open(prefix, { endpoints: way.endpoint, ...patient, readOnly: true });
    await behind.open();
    // The log is read in pages, of which this is the second.
    const held = way.hold(`${prefix}/log/0000000000000065`);
    const told: number[] = [];
    const ended = (async () => {
      for await (const { revision } of behind.watch({ after: 0 })) if (told.push(revision) > 64) break;
    })().catch((error: unknown) => error);
    const letGo = await held;
    const trims = open(prefix, { history: { changes: 20 } });
    for (let i = 0; i < 3; i += 1) await trims.commit([put('more')]);
    await vi.waitFor(async () => expect((await countKeys(prefix)).log).toBeLessThan(30), {
      timeout: 30_000,
      interval: 20,
    });
    letGo();
    expect(await ended).toMatchObject({ code: 'STORAGE_COMPACTED' });
    expect(told).toEqual(Array.from({ length: 64 }, (_, i) => i + 1));
  });

  test('where one way is deaf, calls go another', async () => {
    const [deaf, hearing] = [await OneWay.open(), await OneWay.open()];
    const storage = createEtcdStorage({
      endpoints: [deaf.endpoint, hearing.endpoint],
      prefix: newPrefix(),
      requestTimeout: 200,
      log: silent,
    });
    onTestFinished(() => storage.close());
    await storage.commit([put('a')]);
    deaf.deafen();
    for (let i = 2; i <= 5; i += 1) expect(await storage.commit([put('a', `${i}`)])).toBe(i);
    expect((await storage.getGType('a'))?.description).toBe('5');
  });
});
