import { setTimeout as pause } from 'node:timers/promises';
import { now } from '../child/report.mjs';

/** Milliseconds of an outage at most. */
const LONGEST = 800;

/** What a network does, one thing after the other. */
export class Outages {
  count = 0;
  /** How many of each. */
  kinds = {};
  /** When each was over. */
  healed = [];
  #proxy;
  #random;

  /** @param {import('./tcp-proxy.mjs').TcpProxy} proxy @param {import('../seeds.mjs').Random} random */
  constructor(proxy, random) {
    this.#proxy = proxy;
    this.#random = random;
  }

  /** Resolves when it is over. */
  async next() {
    const names = Object.keys(KINDS);
    const name = names[this.count % names.length];
    this.count += 1;
    this.kinds[name] = (this.kinds[name] ?? 0) + 1;
    KINDS[name](this.#proxy, this.#random);
    await pause(this.#random.next() * LONGEST);
    this.#proxy.heal();
    this.healed.push(now());
  }
}

const KINDS = {
  'connections ended, and none accepted': (proxy) => proxy.drop(),
  'nothing arrives': (proxy) => proxy.hold(),
  'cut in the middle of a message': (proxy) => proxy.cutInMessage(),
  'everything arrives late': (proxy, random) => {
    const milliseconds = 20 + random.below(200);
    proxy.delay(() => milliseconds);
  },
};
