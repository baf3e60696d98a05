import { join } from 'node:path';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { instrumentStorage } from '@gati-framework/storage-opentelemetry';
import { expect, onTestFinished, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { startMetrics } from './support/sdk.js';

/** What a sample of these labels says; undefined where there is none, or more than one. */
function sampleOf(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
  const found = lines.filter((line) => wanted.every((label) => line.includes(label)));
  return found.length === 1 ? Number(found[0]?.split('} ')[1]?.split(' ')[0]) : undefined;
}

test('Prometheus reads what storages do, and how the ones that it was told of are', async () => {
  const filename = join(temporaryFolder(), 'gati.db');
  const storage = createBetterSqlite3Storage({ filename });
  onTestFinished(() => storage.close());
  const { meterProvider, scrape } = await startMetrics();
  const { stop } = instrumentStorage({ meterProvider, storages: { manifests: storage } });
  onTestFinished(stop);
  await storage.commit([1, 2].map((n) => ({ put: 'manifest', value: manifest('users', `${n}`) })));
  await storage.getGType('Absent');
  for (let n = 0; n < 3; n += 1) await storage.getManifest('users', '1');
  const refused = { kind: 'gtype', key: { ref: 'A' }, revision: 5 } as const;
  await expect(
    storage.commit([{ put: 'gtype', value: gtype('A') }], { expect: [refused] }),
  ).rejects.toThrow();

  const text = await scrape();
  const of = { db_system_name: 'sqlite', db_namespace: filename };
  const commits = { ...of, db_operation_name: 'commit' };
  expect(
    sampleOf(text, 'db_client_operation_duration_count', {
      ...commits,
      db_collection_name: 'manifest',
    }),
  ).toBe(1);
  expect(
    sampleOf(text, 'db_client_operation_duration_count', {
      ...commits,
      error_type: 'STORAGE_CONFLICT',
    }),
  ).toBe(1);
  const advised = text
    .split('\n')
    .filter((line) => line.startsWith('db_client_operation_duration_bucket{') && line.includes('error_type'));
  expect(advised.map((line) => /le="([^"]+)"/.exec(line)?.[1])).toEqual([
    '0.001',
    '0.005',
    '0.01',
    '0.05',
    '0.1',
    '0.5',
    '1',
    '5',
    '10',
    '+Inf',
  ]);
  const reads = { ...of, db_operation_name: 'get' };
  expect(sampleOf(text, 'gati_storage_reads_total', { ...reads, gati_storage_cache_hit: 'true' })).toBe(3);
  expect(sampleOf(text, 'gati_storage_reads_total', { ...reads, gati_storage_cache_hit: 'false' })).toBe(1);
  expect(sampleOf(text, 'gati_storage_changes_total', { ...of, gati_storage_origin: 'own' })).toBe(2);
  expect(sampleOf(text, 'gati_storage_group_size_count', of)).toBe(2);
  expect(sampleOf(text, 'gati_storage_work_duration_count', { ...of, db_operation_name: 'open' })).toBe(1);
  expect(
    sampleOf(text, 'gati_storage_wait_duration_count', {
      ...of,
      gati_storage_wait: 'group',
      db_operation_name: 'commit',
    }),
  ).toBe(2);

  const gauges = { db_client_connection_pool_name: 'manifests' };
  expect(sampleOf(text, 'gati_storage_up', gauges)).toBe(1);
  expect(sampleOf(text, 'gati_storage_records', { ...gauges, db_collection_name: 'manifest' })).toBe(2);
  expect(sampleOf(text, 'gati_storage_revision', gauges)).toBe(1);
  expect(sampleOf(text, 'gati_storage_history_commits', gauges)).toBe(1);
  expect(sampleOf(text, 'gati_storage_feed_following', gauges)).toBe(1);
  expect(sampleOf(text, 'gati_storage_size', gauges)).toBeGreaterThan(4_096);
  expect(sampleOf(text, 'gati_storage_cache_size', gauges)).toBeGreaterThan(0);
});

test('a storage that cannot be asked is down, and holds back no other', async () => {
  const { meterProvider, scrape } = await startMetrics();
  let asked = 0;
  const storages = {
    fails: { name: 'made', stats: () => Promise.reject(new Error('no')) },
    hangs: {
      name: 'made',
      stats() {
        asked += 1;
        return new Promise<never>(() => {});
      },
    },
  };
  const { stop } = instrumentStorage({ meterProvider, storages });
  onTestFinished(stop);
  const text = await scrape();
  for (const name of Object.keys(storages)) {
    expect(sampleOf(text, 'gati_storage_up', { db_client_connection_pool_name: name })).toBe(0);
  }
  stop();
  await scrape();
  expect(asked).toBe(1);
});

test.each([
  [{ storages: [] }, 'options.storages'],
  [{ storages: { manifests: {} } }, 'options.storages.manifests'],
  [{ cachedReads: 'yes' }, 'options.cachedReads'],
  [{ meterProvider: {} }, 'options.meterProvider'],
  [{ spans: true }, 'options.spans'],
])('%j is refused', (options, path) => {
  expect(() => instrumentStorage(options as never)).toThrowError(
    expect.objectContaining({ code: 'INVALID_OPTIONS', path }),
  );
});
