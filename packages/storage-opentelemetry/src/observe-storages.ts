import type { Storage } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';
import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import { storeAttributes } from './attributes.js';
import { GAUGES, type Stats } from './gauges.js';

/** As much of a storage as is asked. */
export type AskedStorage = Pick<Storage, 'name' | 'stats'>;

/** A storage that takes longer counts as one that does not answer, in milliseconds: whoever collects metrics waits for it. */
const TIMEOUT = 1_500;

/** Asks storages for their stats whenever metrics are collected, until what is returned is called. */
export function observeStorages(meter: Meter, storages: Readonly<Record<string, AskedStorage>>): () => void {
  const asked = Object.entries(storages);
  if (asked.length === 0) return () => {};
  const up = meter.createObservableGauge('gati.storage.up', {
    description: 'Whether the storage tells its stats: 1, else 0.',
    unit: '1',
  });
  const gauges = GAUGES.map(({ name, unit, description, measure }) => {
    return { gauge: meter.createObservableGauge(name, { unit, description }), measure };
  });
  const all: Observable[] = [up, ...gauges.map(({ gauge }) => gauge)];
  const observe = async (result: BatchObservableResult): Promise<void> => {
    const one = async ([name, storage]: [string, AskedStorage]): Promise<void> => {
      const attributes = {
        ...storeAttributes({ backend: storage.name }),
        'db.client.connection.pool.name': name,
      };
      const stats = await answerOf(storage);
      result.observe(up, Number(stats !== undefined), attributes);
      if (stats === undefined) return;
      for (const { gauge, measure } of gauges)
        for (const [value, more] of measure(stats))
          if (value !== undefined) result.observe(gauge, value, { ...attributes, ...more });
    };
    await Promise.all(asked.map(one));
  };
  meter.addBatchObservableCallback(observe, all);
  return () => meter.removeBatchObservableCallback(observe, all);
}

/** Nothing where it fails or takes too long. */
async function answerOf(storage: AskedStorage): Promise<Stats | undefined> {
  return new Promise((resolve) => {
    const timer = timers.setTimeout(() => resolve(undefined), TIMEOUT);
    timer.unref?.();
    storage.stats().then(
      (stats) => {
        timers.clearTimeout(timer);
        resolve(stats);
      },
      () => {
        timers.clearTimeout(timer);
        resolve(undefined);
      },
    );
  });
}
