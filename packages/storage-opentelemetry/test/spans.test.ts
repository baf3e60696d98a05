import { join } from 'node:path';
import { createManifestStore, type Storage } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { RecordStorage } from '@gati-framework/storage-kit';
import { instrumentStorage } from '@gati-framework/storage-opentelemetry';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect, onTestFinished, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { driverWith, stateAt } from '../../storage-kit/test/support/driver.js';
import { startTracing } from './support/sdk.js';

function fileStorage(): Storage & { filename: string } {
  const filename = join(temporaryFolder(), 'gati.db');
  const storage = createBetterSqlite3Storage({ filename });
  onTestFinished(() => storage.close());
  return Object.assign(storage, { filename });
}

/** A storage whose first transaction takes until it is released: whoever commits meanwhile shares the next. */
function heldStorage(): { storage: Storage; release(): void } {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let revision = 0;
  const driver = driverWith({
    async commit(commits) {
      await held;
      const outcomes = commits.map(() => {
        revision += 1;
        return { revision };
      });
      return { outcomes, state: stateAt(revision) };
    },
  });
  const storage = new RecordStorage(driver);
  onTestFinished(() => storage.close());
  return { storage, release };
}

/** Until everything that was committed has been encoded: a turn of the event loop is enough for each. */
async function turns(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await timers.nextTurn();
}

function instrumented(cachedReads = false) {
  const { tracerProvider, exporter } = startTracing();
  const { stop } = instrumentStorage({ tracerProvider, cachedReads });
  onTestFinished(stop);
  const spansOf = (name: string): ReadableSpan[] =>
    exporter.getFinishedSpans().filter((span) => span.name.split(' ')[0] === name);
  return { tracer: tracerProvider.getTracer('application'), exporter, spansOf, stop };
}

test('a read of a file is a span with the attributes of the database conventions', async () => {
  const storage = fileStorage();
  await storage.open();
  const { spansOf } = instrumented();
  await storage.getManifest('users', '1');
  expect(spansOf('get')).toEqual([
    expect.objectContaining({
      name: 'get manifest',
      kind: SpanKind.CLIENT,
      attributes: {
        'db.system.name': 'sqlite',
        'db.namespace': storage.filename,
        'db.operation.name': 'get',
        'db.collection.name': 'manifest',
        'db.response.returned_rows': 0,
        'gati.storage.backend': 'better-sqlite3',
        'gati.storage.cache.hit': false,
      },
    }),
  ]);
});

test('a look-up that the cache answers is a span only for who asks for it', async () => {
  const storage = fileStorage();
  await storage.storeGType(gtype('A'));
  const quiet = instrumented();
  await storage.getGType('A');
  expect(quiet.spansOf('get')).toEqual([]);
  quiet.stop();
  const all = instrumented(true);
  await storage.getGType('A');
  expect(all.spansOf('get').map(({ attributes }) => attributes['gati.storage.cache.hit'])).toEqual([true]);
});

test('each commit of a group is a child of what its caller does, and the span of the group links to all of them', async () => {
  const { storage, release } = heldStorage();
  const first = storage.storeGType(gtype('First'));
  await turns();
  const { tracer, spansOf } = instrumented();
  const calling = Promise.all(
    [1, 2, 3].map((n) =>
      tracer.startActiveSpan(`deploy ${n}`, async (span) => {
        await storage.storeManifest(manifest('users', `${n}`));
        // Whoever shared the transaction, what comes next is still done for this caller.
        expect(trace.getActiveSpan()).toBe(span);
        span.end();
        return span.spanContext();
      }),
    ),
  );
  await turns();
  release();
  await first;
  const callers = await calling;
  const commits = spansOf('commit');
  expect(commits.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
    callers.map(({ spanId }) => spanId),
  );
  const [group, ...others] = spansOf('group');
  expect(others).toEqual([]);
  expect(group?.parentSpanContext).toBeUndefined();
  expect(group?.attributes).toMatchObject({ 'db.operation.name': 'group', 'db.operation.batch.size': 3 });
  expect(group?.links.map(({ context }) => context)).toEqual(commits.map((commit) => commit.spanContext()));
});

test('a commit that fails is a span with its code, and nothing of a record is in any attribute', async () => {
  const storage = fileStorage();
  const { exporter, spansOf } = instrumented();
  await storage.storeGType(gtype('Secret', 'secret'));
  const expect5 = { kind: 'gtype', key: { ref: 'Secret' }, revision: 5 } as const;
  const note = 'by secret';
  await expect(
    storage.commit([{ put: 'gtype', value: gtype('Secret') }, { clear: true }], { expect: [expect5], note }),
  ).rejects.toMatchObject({ code: 'STORAGE_CONFLICT' });
  const [stored, refused] = spansOf('commit');
  expect(stored).toMatchObject({ status: { code: SpanStatusCode.UNSET } });
  expect(stored?.attributes).toMatchObject({ 'gati.storage.revision': 1, 'db.collection.name': 'gtype' });
  expect(stored?.attributes).not.toHaveProperty('db.operation.batch.size');
  expect(refused?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(refused?.attributes).toMatchObject({
    'error.type': 'STORAGE_CONFLICT',
    'db.operation.batch.size': 2,
  });
  const told = exporter.getFinishedSpans().map(({ name, attributes, events }) => [name, attributes, events]);
  expect(JSON.stringify(told)).not.toMatch(/secret/i);
});

test('in memory, too, and nothing any more after it was stopped', async () => {
  const { exporter, spansOf, stop } = instrumented();
  const store = createManifestStore();
  await store.storeGType(gtype('A'));
  expect(spansOf('commit')).toEqual([
    expect.objectContaining({ name: 'commit gtype', kind: SpanKind.INTERNAL }),
  ]);
  stop();
  stop();
  await store.storeGType(gtype('A'));
  expect(exporter.getFinishedSpans()).toHaveLength(1);
});
