import type { StorageFigures, StorageStats } from '@gati-framework/manifest-store';
import { RECORD_KINDS, statsOf } from '@gati-framework/manifest-store/backend';
import * as v from 'valibot';
import type { Overview, StoreInfo, VersionStatus } from '../api/index.js';
import type { Catalog } from '../catalog/catalog.js';
import { commandLine } from '../command-line.js';
import { packageVersion } from '../package-version.js';
import { catalogAt, type StudioContext, type StudioStore } from '../studio-context.js';
import { defined } from '../views/fields.js';
import type { Endpoint } from './endpoint.js';
import { count } from './input.js';

export const overview: Endpoint<'overview'> = {
  from: 'query',
  input: v.strictObject({ at: v.exactOptional(count) }),
  async answer(context, { at }, { signal }) {
    const { store, other, live, write } = context;
    const { storage } = store;
    const [stats, health] = await Promise.all([storage.stats(), storage.health()]);
    const { revision: current, oldestRevision } = stats;
    // What is not known yet is not waited for: the page shows at once what there is.
    const catalog = at === undefined ? live.current : await catalogAt(context, at, signal);
    return {
      revision: catalog?.revision ?? current,
      command: commandLine(store, ['info']),
      current,
      counts: catalog === undefined || catalog.leftOut === 'handlers' ? countsOf(stats) : catalog.counts(),
      ...defined({ oldestRevision, handlers: catalog && handlersOf(catalog), other: other && infoOf(other) }),
      health: {
        status: health.status,
        latency: health.latency,
        ...(health.error !== undefined && { message: health.error.message }),
      },
      figures: figuresOf(stats),
      store: infoOf(store),
      write,
      index: indexOf(context, catalog),
      version: packageVersion(),
    };
  },
};

function figuresOf({
  cache,
  feed,
  history,
  bytes,
  connections,
  lastError,
}: StorageFigures): Overview['figures'] {
  return defined({ cache, feed, history, bytes, connections, lastError });
}

/** Stats tell more than counts. */
function countsOf(stats: StorageStats): StorageStats {
  return statsOf((kind) => stats[RECORD_KINDS[kind].count]);
}

function infoOf({ storage, label }: StudioStore): StoreInfo {
  return { label, backend: storage.name, capabilities: storage.capabilities };
}

function handlersOf(catalog: Catalog): NonNullable<Overview['handlers']> {
  const found = { handlers: 0, versions: 0, breaking: 0 };
  const statuses: Partial<Record<VersionStatus, number>> = {};
  for (const handler of catalog.handlers.values()) {
    if (!handler.isHandler) continue;
    const names = handler.versionNames();
    found.handlers += 1;
    found.versions += names.length;
    found.breaking += names.filter((version) => handler.isBreaking(version)).length;
    for (const status of handler.statuses.values())
      if (status !== undefined) statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return { ...found, statuses };
}

function indexOf({ live }: StudioContext, catalog: Catalog | undefined): Overview['index'] {
  const { state, records } = live.progress;
  const shown = catalog ?? live.current;
  return {
    state,
    records,
    bytes: shown?.bytes ?? 0,
    limit: live.limit,
    leftOut: shown?.leftOut ?? 'nothing',
  };
}
