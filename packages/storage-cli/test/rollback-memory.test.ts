import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Change } from '@gati-framework/manifest-store';
import { openStorage } from '@gati-framework/storage-tools';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { BIN } from './support/command.js';
import { ownStore } from './support/stores.js';

const execute = promisify(execFile);

const RECORDS = 8_000;
const RECORD_BYTES = 24 * 1024;
/** MiB of heap: half of what the records take, and twice what their pages take on a machine whose collector is late. */
const HEAP = 94;

async function* records(): AsyncGenerator<Change> {
  for (let i = 0; i < RECORDS; i++) yield { put: 'gtype', value: gtype(`T${i}`, 'x'.repeat(RECORD_BYTES)) };
}

test.each(['sqlite', 'postgres'] as const)(
  'a rollback that stores all records of a %s: store again takes less memory than they do',
  async (scheme) => {
    const store = ownStore(scheme);
    await using storage = await openStorage(store);
    await storage.commit(records());
    // All others stood behind it.
    await storage.commit([{ delete: 'gtype', key: { ref: 'T0' } }]);
    const command = [BIN, 'rollback', '--to', '1', '--yes', '--store', store];
    const { stdout } = await execute(process.execPath, [`--max-old-space-size=${HEAP}`, ...command]);
    expect(stdout).toMatch(/\nRolled back to revision 1 as revision 3: 1 added, 0 removed, 0 changed\n$/);
    let next = 0;
    for await (const { key, revision } of storage.entries())
      expect([key, revision]).toEqual([{ ref: `T${next++}` }, 3]);
    expect(next).toBe(RECORDS);
  },
  300_000,
);
