import { EtcdClient } from '../../../packages/storage-etcd/dist/client/etcd-client.js';
import { resolveOptions } from '../../../packages/storage-etcd/dist/options/options.js';
import { StoreKeys } from '../../../packages/storage-etcd/dist/store/keys.js';

/** The keys of a store in etcd, of which one is damaged. */
export class DamagedKeys {
  place;
  #client;
  #prefix;
  #whole;
  #damaged;
  #undo = [];

  static async of(place) {
    const store = new DamagedKeys();
    const options = resolveOptions({ connectionString: place });
    store.place = place;
    store.#client = new EtcdClient(options);
    store.#prefix = options.prefix;
    store.#whole = await store.#read();
    return store;
  }

  async restore() {
    if (this.#undo.length > 0) await this.#client.txn({ success: this.#undo });
    this.#undo = [];
  }

  async damage(random) {
    const { what, operations } = KINDS[random.weighted(WEIGHTS)](this.#whole, this.#prefix, random);
    const touched = new Set(operations.map(({ key }) => key));
    this.#undo = [...touched].map((key) => {
      const value = this.#whole.get(key);
      return value === undefined ? { op: 'delete', key } : { op: 'put', key, value };
    });
    await this.#client.txn({ success: operations });
    this.#damaged = await this.#read();
    return what;
  }

  async isOverwritten() {
    const now = await this.#read();
    return (
      now.size !== this.#damaged.size ||
      [...now].some(([key, value]) => !value.equals(this.#damaged.get(key)))
    );
  }

  async #read() {
    const { kvs } = await this.#client.range(new StoreKeys(this.#prefix).all);
    return new Map(kvs.map(({ key, value }) => [key, value]));
  }
}

const WEIGHTS = { bit: 6, end: 2, name: 2, key: 2 };

const KINDS = {
  /** Of a text: what stands around it has no digest. */
  bit(whole, prefix, random) {
    const key = random.pick([...whole.keys()].filter((one) => one.startsWith(`${prefix}/text/`)));
    const value = Buffer.from(whole.get(key));
    const [at, bit] = [random.below(value.length), random.below(8)];
    value[at] ^= 1 << bit;
    return { what: `bit ${bit} of byte ${at} of ${key}`, operations: [{ op: 'put', key, value }] };
  },
  end(whole, _, random) {
    const key = random.pick([...whole.keys()]);
    const at = random.below(whole.get(key).length);
    const value = whole.get(key).subarray(0, at);
    return { what: `all after byte ${at} of ${key}`, operations: [{ op: 'put', key, value }] };
  },
  name(whole, prefix, random) {
    const key = random.pick([...whole.keys()]);
    const at = prefix.length + 1 + random.below(key.length - prefix.length - 1);
    const other =
      key.slice(0, at) + String.fromCharCode(key.charCodeAt(at) ^ (1 << random.below(6))) + key.slice(at + 1);
    const operations = [
      { op: 'delete', key },
      { op: 'put', key: other, value: whole.get(key) },
    ];
    return { what: `${key} is ${JSON.stringify(other)}`, operations };
  },
  key(whole, _, random) {
    const key = random.pick([...whole.keys()]);
    return { what: `all of ${key}`, operations: [{ op: 'delete', key }] };
  },
};
