import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { inject, onTestFinished } from 'vitest';

/**
 * Stands between a storage and its server, and holds a request back until long
 * after the storage took its connection for lost: what a stopped backend, a
 * full queue or a slow network do.
 */
export class LateProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #marker: string | undefined;
  #held: { socket: Socket; request: Buffer } | undefined;

  private constructor(target: number) {
    this.#server = createServer((client) => this.#forward(client, target));
  }

  static async start(): Promise<LateProxy> {
    const proxy = new LateProxy(Number(new URL(inject('postgresUrl')).port));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    onTestFinished(async () => {
      for (const socket of proxy.#sockets) socket.destroy();
      proxy.#server.close();
      await once(proxy.#server, 'close');
    });
    return proxy;
  }

  get url(): string {
    const url = new URL(inject('postgresUrl'));
    url.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return url.href;
  }

  /** The next request with this in it. */
  hold(marker: string): void {
    this.#marker = marker;
  }

  /** The server gets the request now. Resolves with its answer. */
  async release(): Promise<string> {
    if (this.#held === undefined) throw new Error('no request came');
    const { socket, request } = this.#held;
    let answer = Buffer.alloc(0);
    const answered = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        answer = Buffer.concat([answer, chunk]);
        if (answer.at(-6) === 0x5a && answer.readInt32BE(answer.length - 5) === 5) resolve(); // ReadyForQuery
      });
    });
    socket.write(request);
    await answered;
    return answer.toString('latin1');
  }

  #forward(client: Socket, target: number): void {
    const server = connect(target, '127.0.0.1');
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    }
    server.on('data', (chunk) => client.write(chunk));
    server.on('close', () => client.destroy());
    client.on('close', () => {
      if (this.#held?.socket !== server) server.destroy();
    });
    client.on('data', (request) => {
      if (this.#marker === undefined || !request.includes(this.#marker)) {
        server.write(request);
        return;
      }
      this.#marker = undefined;
      this.#held = { socket: server, request };
      client.destroy();
    });
  }
}
