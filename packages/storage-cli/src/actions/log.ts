import type { Storage } from '@gati-framework/manifest-store';
import { handlerLog } from '@gati-framework/storage-tools/history';
import type { Terminal } from '../terminal.js';
import { printCommits } from './print-commits.js';
import { unknownHandler } from './unknown-record.js';
import { withStorage } from './with-storage.js';

export interface LogCommandOptions {
  readonly store: string;
  readonly limit?: number;
  readonly after?: number;
  readonly before?: number;
  /** Oldest first. */
  readonly reverse?: boolean;
  readonly json?: boolean;
}

/** @param handlerId Only the commits that touched it. Default: all. */
export async function logCommand(
  terminal: Terminal,
  handlerId: string | undefined,
  { store, json = false, reverse = false, ...options }: LogCommandOptions,
): Promise<void> {
  await withStorage(store, { readOnly: true }, terminal, async (storage) => {
    const range = { ...options, reverse: !reverse };
    const commits = handlerId === undefined ? storage.log(range) : handlerLog(storage, handlerId, range);
    const count = await printCommits(terminal, commits, json);
    if (count > 0) return;
    if (handlerId !== undefined && !(await isStored(storage, handlerId)))
      throw await unknownHandler(storage, handlerId);
    if (!json) terminal.out('No commits');
  });
}

async function isStored(storage: Storage, handlerId: string): Promise<boolean> {
  for await (const _ of storage.entries({ handlerId })) return true;
  return false;
}
