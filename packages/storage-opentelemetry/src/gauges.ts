import type { Storage } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { Attributes } from '@opentelemetry/api';

export type Stats = Awaited<ReturnType<Storage['stats']>>;

/** A value, with what tells it from the others of its gauge; undefined where a storage does not tell it. */
type Measured = readonly [value: number | undefined, attributes?: Attributes];

export interface Gauge {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  measure(stats: Stats): readonly Measured[];
}

function gauge(
  name: string,
  unit: string,
  description: string,
  measure: (stats: Stats) => readonly Measured[],
): Gauge {
  return { name, unit, description, measure };
}

/** What is asked of the stats of a storage. Times are in seconds. */
export const GAUGES: readonly Gauge[] = [
  gauge('gati.storage.records', '{record}', 'Records that the store holds.', (stats) =>
    RECORD_KIND_NAMES.map((kind) => [stats[RECORD_KINDS[kind].count], { 'db.collection.name': kind }]),
  ),
  gauge('gati.storage.revision', '{commit}', 'Commits that were ever made.', ({ revision }) => [[revision]]),
  gauge(
    'gati.storage.history.commits',
    '{commit}',
    'How many commits back the store can be read.',
    (stats) => [[stats.history?.commits]],
  ),
  gauge('gati.storage.size', 'By', 'What the store takes where it is kept.', ({ bytes }) => [[bytes]]),
  gauge('gati.storage.cache.size', 'By', 'What the read cache holds, of heap, about.', ({ cache }) => [
    [cache?.bytes],
  ]),
  gauge('gati.storage.cache.limit', 'By', 'What the read cache may hold.', ({ cache }) => [
    [cache?.maxBytes],
  ]),
  gauge('gati.storage.feed.lag', 's', 'What was committed longer ago has been heard of.', ({ feed }) => [
    [feed && feed.lag / 1_000],
  ]),
  gauge(
    'gati.storage.feed.following',
    '1',
    'Whether commits of others are heard of: 1, else 0.',
    ({ feed }) => [[feed && Number(feed.state === 'following')]],
  ),
  gauge(
    'gati.storage.last_error.time',
    's',
    'When the store failed last, since the epoch.',
    ({ lastError }) => [[lastError && lastError.at / 1_000, { 'error.type': lastError?.code }]],
  ),
  gauge('db.client.connection.count', '{connection}', 'Connections of the pool, by their state.', (stats) => [
    [stats.connections?.inUse, { 'db.client.connection.state': 'used' }],
    [stats.connections?.idle, { 'db.client.connection.state': 'idle' }],
  ]),
  gauge('db.client.connection.max', '{connection}', 'Connections that there may be.', ({ connections }) => [
    [connections?.max],
  ]),
  gauge(
    'db.client.connection.pending_requests',
    '{request}',
    'Calls that wait for a connection.',
    (stats) => [[stats.connections?.waiting]],
  ),
];
