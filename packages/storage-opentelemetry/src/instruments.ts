import type { Counter, Histogram, Meter } from '@opentelemetry/api';

/** As the conventions advise, in seconds. */
const DURATIONS: number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];
const COMMITS: number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

export interface Instruments {
  readonly operations: Histogram;
  readonly work: Histogram;
  readonly waits: Histogram;
  readonly groups: Histogram;
  readonly reads: Counter;
  readonly changes: Counter;
  readonly text: Counter;
}

/** What is counted and measured of what storages tell. */
export function makeInstruments(meter: Meter): Instruments {
  const durations = (name: string, description: string): Histogram =>
    meter.createHistogram(name, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: DURATIONS },
    });
  return {
    operations: durations('db.client.operation.duration', 'Duration of database client operations.'),
    work: durations('gati.storage.work.duration', 'How long it takes what no single caller waits for alone.'),
    waits: durations('gati.storage.wait.duration', 'How long operations wait for their turn.'),
    groups: meter.createHistogram('gati.storage.group.size', {
      description: 'How many commits one transaction makes.',
      unit: '{commit}',
      advice: { explicitBucketBoundaries: COMMITS },
    }),
    reads: meter.createCounter('gati.storage.reads', {
      description: 'Look-ups and pages that were read, from the cache or the database.',
      unit: '{read}',
    }),
    changes: meter.createCounter('gati.storage.changes', {
      description: 'Records that were changed, here or by others.',
      unit: '{change}',
    }),
    text: meter.createCounter('gati.storage.text', {
      description: 'Text of records that went to the database or came from it, in UTF-16 code units.',
      unit: '{code_unit}',
    }),
  };
}
