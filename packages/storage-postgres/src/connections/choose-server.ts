import { timers } from '@gati-framework/manifest-store/backend';
import { retryDelay } from './retry.js';

/**
 * Of several servers, the first that a probe finds usable. While some give no answer at all, the others are asked
 * again: one of them may take over meanwhile, and a server that hangs is not to hold that up.
 *
 * @param probe Rejects when the server will not do, with the reason.
 * @throws The reason of one of them, when all have told theirs: of one that answered, if any did.
 */
export function chooseServer<S>(servers: readonly S[], probe: (server: S) => Promise<void>): Promise<S> {
  const reasons = new Map<S, unknown>();
  let isOver = false;
  return new Promise((resolve, reject) => {
    const refuse = (server: S, reason: unknown): void => {
      reasons.set(server, reason);
      if (reasons.size < servers.length) return;
      isOver = true;
      const all = [...reasons.values()];
      reject(all.find(isOfServer) ?? all[0]);
    };
    const ask = async (server: S): Promise<void> => {
      for (let failures = 1; !isOver; failures += 1) {
        try {
          await probe(server);
          isOver = true;
          resolve(server);
        } catch (error) {
          refuse(server, error);
          if (!isOver) await sleep(retryDelay(failures));
        }
      }
    };
    for (const server of servers) void ask(server);
  });
}

/** Keeps no process alive: whoever still gives no answer does, for as long as it may take one. */
function sleep(delay: number): Promise<void> {
  return new Promise((resolve) => timers.setTimeout(resolve, delay).unref?.());
}

/** Whether it has an SQLSTATE: what a server says tells more than that nobody answered. */
function isOfServer(reason: unknown): boolean {
  return (
    typeof reason === 'object' &&
    reason !== null &&
    'code' in reason &&
    typeof reason.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(reason.code)
  );
}
