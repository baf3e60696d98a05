import { noIndexedDb, ownedElsewhere, ownedHere } from './errors.js';

/** What makes a page or worker the only one that uses a store, or tells it that it is not any more. */
export interface Ownership {
  /** Resolves once others can own the store. */
  release(): Promise<void>;
}

/** Names whose lock this page or worker has. */
const ownedHereNow = new Set<string>();

/**
 * Takes the Web Lock of a store.
 *
 * @param taken Called when somebody takes the lock away.
 * @throws `STORAGE_LOCKED` when somebody has it.
 */
export async function takeLock(
  locks: LockManager,
  name: string,
  location: string,
  taken: () => void,
): Promise<Ownership> {
  const lock = await requestLock(locks, `gati-storage ${name}`, taken).catch((cause: unknown) => {
    throw noIndexedDb(location, cause); // a page that may keep nothing has no locks either
  });
  if (lock === undefined) throw ownedHereNow.has(name) ? ownedHere(location) : ownedElsewhere(location);
  ownedHereNow.add(name);
  return {
    release: () => {
      ownedHereNow.delete(name);
      return lock.release();
    },
  };
}

function requestLock(locks: LockManager, name: string, taken: () => void): Promise<Ownership | undefined> {
  return new Promise((resolve, reject) => {
    let letGo = () => {};
    const ended = locks.request(name, { ifAvailable: true }, (lock) => {
      if (lock === null) return resolve(undefined);
      const held = new Promise<void>((end) => {
        letGo = end;
      });
      resolve({
        release: () => {
          letGo();
          return settled;
        },
      });
      return held;
    });
    // Rejects when the lock is refused for good, and also when it was ours and is taken away.
    const settled = ended.then(
      () => {},
      (reason: unknown) => {
        taken();
        reject(reason);
      },
    );
  });
}

/**
 * Where a page has no Web Locks, because it was not loaded securely: tells the
 * others that this one owns the store now, and hears when another one does.
 */
export function announceOwner(name: string, heard: () => void): Ownership {
  const channel = new BroadcastChannel(`gati-storage ${name}`);
  channel.onmessage = heard;
  (channel as { unref?(): void }).unref?.(); // in Node.js it would keep the process alive
  channel.postMessage('owned');
  return {
    release: async () => {
      channel.close();
    },
  };
}
