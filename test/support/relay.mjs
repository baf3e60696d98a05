import { EventEmitter, once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * An address that leads to one server or another, as a DNS name or a virtual IP does; and a network that can be told
 * to fail.
 */
export class Relay {
  /** Small packets do not wait for each other, as they would not without the relay. */
  #server = createServer({ noDelay: true }, (client) => this.#forward(client));
  #connections = new Set();
  #changes = new EventEmitter().setMaxListeners(0);
  #labelOf;
  /** @type {number | undefined} */
  #target;
  #isSilent = false;
  /** @type {Set<string>} */
  #silenced = new Set();

  /**
   * @param {number} target
   * @param {(chunk: Buffer) => string | undefined} labelOf
   */
  constructor(target, labelOf) {
    this.#target = target;
    this.#labelOf = labelOf;
  }

  /**
   * @param {number} target A port of the loopback interface.
   * @param {(chunk: Buffer) => string | undefined} [labelOf] Tells connections apart by what is first said on them.
   */
  static async to(target, labelOf = () => undefined) {
    const relay = new Relay(target, labelOf);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  /** @returns {number} */
  get port() {
    return this.#server.address().port;
  }

  /** New connections go there; those that are open stay where they are. */
  redirect(target) {
    this.#target = target;
  }

  /** Ends every connection, and takes none until redirect(). */
  cut() {
    this.#target = undefined;
    for (const { client, server } of this.#connections) {
      client.destroy();
      server.destroy();
    }
  }

  /**
   * From now on every packet is lost, of connections with this label or of all: they stay open, new ones are taken, and
   * nobody hears anything.
   *
   * @param {string} [label]
   */
  hush(label) {
    if (label === undefined) this.#isSilent = true;
    else this.#silenced.add(label);
  }

  /** What was held up arrives now. */
  speak() {
    this.#isSilent = false;
    this.#silenced.clear();
    this.#changes.emit('change');
  }

  async close() {
    this.cut();
    this.speak();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #forward(client) {
    client.on('error', ignore);
    if (this.#target === undefined) {
      client.destroy();
      return;
    }
    const server = connect({ port: this.#target, host: '127.0.0.1', noDelay: true }).on('error', ignore);
    const connection = { client, server, label: undefined };
    this.#connections.add(connection);
    Promise.all([this.#carry(connection, client, server), this.#carry(connection, server, client)]).finally(
      () => this.#connections.delete(connection),
    );
  }

  /** Resolves when nothing more comes. By events, as what members say to each other is many small packets. */
  async #carry(connection, from, to) {
    from.on('data', (chunk) => {
      connection.label ??= this.#labelOf(chunk);
      if (!this.#isHushed(connection)) {
        handOn(chunk, from, to);
        return;
      }
      from.pause();
      this.#passage(connection).then(() => from.resume() && handOn(chunk, from, to));
    });
    from.once('end', () => this.#passage(connection).then(() => to.end()));
    await new Promise((resolve) => from.once('close', resolve));
    await this.#passage(connection);
    if (!from.readableEnded) to.destroy();
  }

  #isHushed({ label }) {
    return this.#isSilent || this.#silenced.has(label);
  }

  /** The end of a connection is not heard of either while nothing is. */
  async #passage(connection) {
    while (this.#isHushed(connection)) await once(this.#changes, 'change');
  }
}

function handOn(chunk, from, to) {
  if (to.write(chunk)) return;
  from.pause();
  to.once('drain', () => from.resume());
}

function ignore() {}
