import { once } from 'node:events';
import {
  type ClientHttp2Stream,
  connect,
  createServer,
  type Http2Session,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { endpoints, newPrefix, open, put, silent } from './support/stores.js';

const TRANSACTION = '/etcdserverpb.KV/Txn';
const RESOURCE_EXHAUSTED = '8';
/** Before the message of a request of gRPC, in bytes. */
const LENGTH_OF_FRAME = 5;
/** How a transaction begins that compares something. */
const COMPARE = 0x0a;
const REFUSAL = 'etcdserver: mvcc: database space exceeded';

/**
 * A way to etcd on which transactions are carried out, and are answered as the one is that exceeds the quota; or are
 * refused before, as all are after it.
 */
class OverQuota {
  readonly #server = createServer();
  readonly #sessions = new Set<Http2Session>();
  says: 'nothing' | 'refused, and made' | 'refused' = 'nothing';

  static async open(): Promise<OverQuota> {
    const way = new OverQuota();
    way.#server.on('session', (session) => way.#sessions.add(session));
    way.#server.on('stream', (stream, headers) => way.#forward(stream, headers));
    way.#server.listen(0, '127.0.0.1');
    await once(way.#server, 'listening');
    onTestFinished(() => way.#close());
    return way;
  }

  get endpoint(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #close(): void {
    for (const session of this.#sessions) session.destroy();
    this.#server.close();
  }

  #forward(client: ServerHttp2Stream, headers: Record<string, unknown>): void {
    client.on('error', () => {});
    client.once('data', (first: Buffer) => {
      const isRefused =
        this.says !== 'nothing' && headers[':path'] === TRANSACTION && comparesSomething(first);
      if (isRefused && this.says === 'refused') return refuse(client);
      const session = connect(endpoints);
      this.#sessions.add(session);
      const { ':authority': _, ...rest } = headers as Record<string, string>;
      const member = session.request(rest).on('error', () => client.destroy());
      member.write(first);
      client.pipe(member);
      client.on('close', () => session.destroy());
      if (isRefused) member.resume().on('end', () => refuse(client));
      else answer(member, client);
    });
  }
}

/** Its commits do, and its questions do not: those are answered as ever. */
function comparesSomething(request: Buffer): boolean {
  return request[LENGTH_OF_FRAME] === COMPARE;
}

function answer(member: ClientHttp2Stream, client: ServerHttp2Stream): void {
  let trailers: Record<string, unknown> = {};
  member.on('response', ({ ':status': status, 'content-type': type }) =>
    client.respond({ ':status': status, 'content-type': type }, { waitForTrailers: true }),
  );
  member.on('trailers', (found) => {
    trailers = found;
  });
  client.on('wantTrailers', () => client.sendTrailers(trailers as OutgoingHttpHeaders));
  member.pipe(client);
}

function refuse(client: ServerHttp2Stream): void {
  const outcome = { 'grpc-status': RESOURCE_EXHAUSTED, 'grpc-message': REFUSAL };
  client.respond({ ':status': 200, 'content-type': 'application/grpc', ...outcome }, { endStream: true });
}

describe.skipIf(endpoints === '')('an etcd at its quota', () => {
  test('a commit that it makes although it says that there is no room is acknowledged', async () => {
    const way = await OverQuota.open();
    const prefix = newPrefix();
    const storage = open(prefix, { endpoints: way.endpoint, log: silent });
    await storage.commit([put('a')]);
    way.says = 'refused, and made';
    const large = 'x'.repeat(700_000);
    expect(
      await Promise.all([storage.commit([put('b')]), storage.storeGType({ ref: 'c', kind: 'object' })]),
    ).toEqual([2, undefined]);
    expect(
      await storage.commit([put('d')], { expect: [{ kind: 'gtype', key: { ref: 'd' }, revision: null }] }),
    ).toBe(4);
    way.says = 'refused';
    await expect(storage.commit([put('e')])).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    await expect(storage.commit([put('e', large), put('f', large), put('g', large)])).rejects.toMatchObject({
      code: 'STORAGE_FULL',
    });
    way.says = 'nothing';
    expect(await storage.commit([put('h')])).toBe(5);
    const witness = open(prefix);
    const notes: number[] = [];
    for await (const { revision } of witness.log()) notes.push(revision);
    expect(notes).toEqual([1, 2, 3, 4, 5]);
    expect(await witness.stats()).toMatchObject({ gtypeCount: 5 });
  });
});
