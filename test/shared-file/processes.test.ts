import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';
import { runChild } from './support/children.js';
import { fleetOf } from './support/fleet.js';

/** Each on a driver of its own kind. */
const CHILDREN = fleetOf(backend);

test('processes that start on a missing file and write at once lose nothing', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const writes = 50;
  const reports = await Promise.all(
    CHILDREN.map((child, i) =>
      runChild<{ revisions: number[] }>('write-many.mjs', [filename, `w${i}`, String(writes)], child),
    ),
  );
  const revisions = reports.flatMap((report) => report.revisions).sort((a, b) => a - b);
  expect(revisions).toEqual(Array.from({ length: CHILDREN.length * writes }, (_, i) => i + 1));

  const storage = backend.create({ filename });
  expect((await storage.stats()).gtypeCount).toBe(CHILDREN.length * writes + 1);
  // Replaying the feed ends with what is stored.
  let shared: string | undefined;
  let expected = 0;
  for await (const event of storage.watch({ after: 0 })) {
    expected += 1;
    expect(event.revision).toBe(expected);
    const change = event.changes[1];
    if (change && 'put' in change && change.put === 'gtype') shared = change.value.description;
    if (event.revision === revisions.length) break;
  }
  expect((await storage.getGType('shared'))?.description).toBe(shared);
  await storage.close();
});

test('compare-and-set across processes counts every step exactly once', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  await Promise.all(CHILDREN.slice(0, 4).map((child) => runChild('count-up.mjs', [filename, '25'], child)));
  const storage = backend.create({ filename });
  expect((await storage.getGType('counter'))?.description).toBe('100');
  await storage.close();
});

test('a process that closes in mid-write has stored everything it asked for', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  expect(await runChild('close-in-mid-write.mjs', [filename])).toEqual({ acknowledged: 100 });
  const storage = backend.create({ filename });
  expect((await storage.stats()).gtypeCount).toBe(100);
  await storage.close();
});

test('a storage that is neither closed nor done watching keeps no process alive', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  expect(await runChild('leave-open.mjs', [filename])).toEqual({ stored: true });
});
