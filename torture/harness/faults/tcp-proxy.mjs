import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Of PostgreSQL: ReadyForQuery, the end of an answer. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);

/**
 * Stands between clients and a server, and does what networks do.
 *
 * @example
 * const proxy = await TcpProxy.to(server.port);
 * proxy.hold(); // nothing arrives any more, and nobody is told
 * proxy.heal();
 */
export class TcpProxy {
  #server;
  #target;
  #pairs = new Set();
  #isDown = false;
  #isHeld = false;
  #delay;
  #cutsNext = false;
  /** @type {((request: Buffer) => 'request' | 'answer' | undefined) | undefined} Which of both is to be lost, with the connection. */
  loses;
  /** @type {(client: import('node:net').Socket) => void} What becomes of one whose answer is lost. */
  answerLost = (client) => client.destroy();

  constructor(target) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** @param {number} target A port of this machine. */
  static async to(target) {
    const proxy = new TcpProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port() {
    return this.#server.address().port;
  }

  /** The way to a place through it. @param {string} place As a URL. */
  wayTo(place) {
    const url = new URL(place);
    url.port = String(this.port);
    return url.href;
  }

  /** Ends every connection, and accepts none. */
  drop() {
    this.#isDown = true;
    this.#end();
  }

  /** What is sent from here on arrives when the network is healed, as TCP sends it again. */
  hold() {
    this.#isHeld = true;
  }

  /**
   * From here on everything takes a time of its own, in each direction: on each connection it stays in order, while one
   * connection overtakes another.
   *
   * @param {() => number} next Milliseconds of the next piece.
   */
  delay(next) {
    this.#delay = next;
  }

  /** Of the next piece, half arrives, and every connection ends. */
  cutInMessage() {
    this.#cutsNext = true;
  }

  heal() {
    this.#isDown = false;
    this.#isHeld = false;
    this.#delay = undefined;
    this.#cutsNext = false;
    for (const pair of this.#pairs) pair.flush();
  }

  async close() {
    this.#end();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #end() {
    for (const pair of this.#pairs) pair.end();
  }

  #accept(client) {
    if (this.#isDown) return client.destroy();
    const pair = new Pair(client, connect(this.#target, '127.0.0.1'), () => this.#pairs.delete(pair));
    this.#pairs.add(pair);
    pair.client.on('data', (chunk) => this.#onRequest(pair, chunk));
    pair.server.on('data', (chunk) => this.#onAnswer(pair, chunk));
    return undefined;
  }

  #onRequest(pair, chunk) {
    const lost = this.loses?.(chunk);
    if (lost === 'request') return pair.end();
    if (lost === 'answer') pair.losesAnswer = true;
    return this.#pass(pair, pair.server, chunk);
  }

  #onAnswer(pair, chunk) {
    if (!pair.losesAnswer) return this.#pass(pair, pair.client, chunk);
    return chunk.subarray(-6).includes(READY) ? this.answerLost(pair.client) : undefined;
  }

  #pass(pair, to, chunk) {
    if (this.#cutsNext) {
      this.#cutsNext = false;
      to.write(chunk.subarray(0, chunk.length >> 1));
      return this.#end();
    }
    if (this.#isHeld) return pair.keep(to, chunk);
    if (this.#delay !== undefined) return pair.later(to, chunk, this.#delay());
    return void to.write(chunk);
  }
}

/** The two connections that make one. */
class Pair {
  client;
  server;
  losesAnswer = false;
  #held = [];

  constructor(client, server, onEnd) {
    this.client = client;
    this.server = server;
    for (const socket of [client, server]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        this.end();
        onEnd();
      });
    }
  }

  keep(to, chunk) {
    this.#held.push([to, chunk]);
  }

  /** After what came before it, however long that takes. */
  later(to, chunk, milliseconds) {
    this.keep(to, chunk);
    setTimeout(() => this.#handOn(1), milliseconds);
  }

  flush() {
    this.#handOn(this.#held.length);
  }

  #handOn(count) {
    for (const [to, chunk] of this.#held.splice(0, count)) if (to.writable) to.write(chunk);
  }

  end() {
    this.client.destroy();
    this.server.destroy();
  }
}
