import type { RecordKind, Revision } from '../contract/storage.js';
import type { PreparedChange } from '../rules/prepare-change.js';
import { channels } from '../tracing/channels.js';
import { commonKind } from '../tracing/common-kind.js';
import type { ReadOperation, StorageCommitMessage, StorageReadMessage } from '../tracing/messages.js';

const backend = 'memory';

/** Tells of a commit, which waits for nothing here. */
export function traceCommit(changes: readonly PreparedChange[], commit: () => Revision): Revision {
  const message: StorageCommitMessage = {
    backend,
    kind: commonKind(changes),
    batchSize: changes.length,
    waited: {},
  };
  return channels.commit.trace(message, () => {
    message.revision = commit();
    return message.revision;
  });
}

/** Tells of a look-up. */
export function traceRead<T>(operation: ReadOperation, kind: RecordKind, read: () => Promise<T>): Promise<T> {
  const message: StorageReadMessage = { backend, operation, kind, waited: {} };
  return channels.read.trace(message, async () => {
    const found = await read();
    message.rows = rowsOf(found);
    return found;
  });
}

function rowsOf(found: unknown): number {
  if (Array.isArray(found)) return found.length;
  return found === undefined || found === null ? 0 : 1;
}
