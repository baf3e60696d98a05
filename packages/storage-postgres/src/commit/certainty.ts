import { StorageError } from '@gati-framework/manifest-store';
import type { PostgresClient } from '../connections/postgres-pool.js';
import { messageOf } from '../errors/postgres-error.js';

/**
 * Runs a commit and believes it only if the standbys that the server is set to
 * wait for have it: when that wait is cancelled, the server says so in a
 * warning, and that the commit succeeded.
 */
export async function confirmed<T>(client: PostgresClient, work: () => Promise<T>): Promise<T> {
  let isUnreplicated = false;
  const listen = (notice: { routine?: string }): void => {
    if (notice.routine === 'SyncRepWaitForLSN') isUnreplicated = true;
  };
  client.on('notice', listen);
  try {
    const result = await work();
    if (!isUnreplicated) return result;
  } finally {
    client.removeListener('notice', listen);
  }
  const reason = 'Connection terminated: the wait for a synchronous standby was cancelled';
  throw Object.assign(new Error(reason), { code: '08006' });
}

export function inDoubt(cause: unknown, groupId: string): StorageError {
  return new StorageError(
    'STORAGE_IN_DOUBT',
    `The connection was lost during a commit, and the server could not be asked whether it was made: ${messageOf(cause)} ` +
      'Read what you wrote before you write it again.',
    { cause, details: { operation: groupId } },
  );
}
