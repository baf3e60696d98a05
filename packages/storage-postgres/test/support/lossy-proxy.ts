import type { Socket } from 'node:net';
import { inject, onTestFinished } from 'vitest';
import { TcpProxy } from '../../../../torture/harness/faults/tcp-proxy.mjs';

type Loss = 'request' | 'answer' | 'everything after the request';

/**
 * Stands between a storage and its server, and loses what it is told to lose:
 * requests that hold a marker, or their answers.
 */
export class LossyProxy {
  readonly #proxy: TcpProxy;
  /** What the client is told instead of an answer that is lost. */
  lastWords: Buffer = Buffer.alloc(0);
  /** How many requests with the marker came. */
  seen = 0;

  private constructor(proxy: TcpProxy) {
    this.#proxy = proxy;
  }

  static async to(target: number): Promise<LossyProxy> {
    const proxy = new LossyProxy(await TcpProxy.to(target));
    onTestFinished(() => proxy.#proxy.close());
    return proxy;
  }

  get url(): string {
    return this.#proxy.wayTo(inject('postgresUrl'));
  }

  /** @param meanwhile Happens after the loss, and before the storage hears of it. */
  lose(what: Loss, marker: string, times = 1, meanwhile?: () => Promise<void>): void {
    this.seen = 0;
    this.#proxy.loses = (request) => {
      if (!request.includes(marker)) return undefined;
      this.seen += 1;
      if (this.seen > times) return undefined;
      return what === 'request' ? 'request' : 'answer';
    };
    this.#proxy.answerLost = async (client: Socket) => {
      if (what === 'everything after the request') return this.#proxy.drop();
      await meanwhile?.();
      client.end(this.lastWords, () => client.destroy());
    };
  }

  revive(): void {
    this.#proxy.heal();
  }
}
