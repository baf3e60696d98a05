/** One process of the fleet: opens stores and does to them what the parent asks. */
import { assertDeepFrozen } from '@gati-framework/storage-testkit';
import { pack, unpack } from './transport.mjs';

const factories = {
  '@gati-framework/storage-better-sqlite3': await import('@gati-framework/storage-better-sqlite3'),
  '@gati-framework/storage-node-sqlite': await import('@gati-framework/storage-node-sqlite'),
  '@gati-framework/storage-etcd': await import('@gati-framework/storage-etcd'),
  '@gati-framework/storage-postgres': await import('@gati-framework/storage-postgres'),
};
const storages = new Map();
const iterators = new Map();

const requests = {
  create({ storage, factory }) {
    storages.set(storage, factories[factory.package][factory.name](factory.options));
  },
  call({ storage, method, args }) {
    return storages.get(storage)[method](...args);
  },
  async count({ storage }) {
    await storages.get(storage).stats(); // hears of what others committed
    return storages.get(storage).getStats();
  },
  iterate({ storage, iterator, method, args }) {
    iterators.set(iterator, storages.get(storage)[method](...args));
  },
  /** Answered when the watch has begun: what another process commits after that is delivered. */
  async watch({ storage, iterator, args }) {
    await storages
      .get(storage)
      .open()
      .catch(() => {}); // next() will say
    iterators.set(iterator, storages.get(storage).watch(...args));
    // Where the watch begins is asked of the store, and what others commit meanwhile may count as before it;
    // what this process commits waits for the answer.
    await storages
      .get(storage)
      .commit([])
      .catch(() => {});
  },
  next({ iterator }) {
    return iterators.get(iterator).next();
  },
  async return({ iterator }) {
    await iterators.get(iterator)?.return();
    iterators.delete(iterator);
  },
  forget({ storage }) {
    storages.delete(storage);
  },
};

/** Methods whose results belong to the caller and need not be frozen. */
const UNFROZEN = ['stats', 'health', 'commit'];

process.on('message', async ({ id, type, ...request }) => {
  try {
    const args = request.args?.map((argument) => unpack(argument, (part) => part));
    const result = await requests[type]({ ...request, args });
    // The parent sees copies: what the cases say about frozen results is checked here.
    if (type === 'next') assertDeepFrozen(result.value);
    else if (type === 'call' && !UNFROZEN.includes(request.method))
      for (const part of [result].flat()) assertDeepFrozen(part);
    process.send({ id, result: pack(request.method === 'health' ? withPlainError(result) : result) });
  } catch (error) {
    const { name, message, code, path, details } = error;
    process.send({ id, error: { name, message, code, path, details: pack(details) } });
  }
});

/** What health() found may be an error, which structured clone would spoil. */
function withPlainError({ error, ...health }) {
  return error === undefined ? health : { ...health, error: { code: error.code, message: error.message } };
}

process.on('disconnect', () => process.exit());
