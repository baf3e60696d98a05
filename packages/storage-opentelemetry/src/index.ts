import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import { recordMetrics } from './metrics.js';
import { type AskedStorage, observeStorages } from './observe-storages.js';
import { resolveOptions } from './options.js';
import { recordSpans } from './spans.js';

export type { AskedStorage } from './observe-storages.js';

export interface InstrumentationOptions {
  /**
   * Storages that are asked for their `stats()` whenever metrics are collected, by the names that tell them apart in
   * the metrics. Default: none; then there are metrics of what is done, and none of how the stores are.
   */
  readonly storages?: Readonly<Record<string, AskedStorage>>;
  /** Also make spans for look-ups that a cache has answered, which take some microseconds each. Default: false. */
  readonly cachedReads?: boolean;
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider;
}

/** What is under way since {@link instrumentStorage}. */
export interface StorageInstrumentation {
  /** Nothing is recorded from here on; storages go on as they are. May be called twice. */
  stop(): void;
}

const SCOPE = '@gati-framework/storage-opentelemetry';

/**
 * Makes spans and metrics of everything that the storages of this process do, of whatever backend, and whenever they were
 * made. Called once, after the SDK was started: what is recorded goes to the providers that are there then.
 *
 * @throws `INVALID_OPTIONS`
 * @example
 * import { createManifestStore } from '@gati-framework/manifest-store';
 * import { instrumentStorage } from '@gati-framework/storage-opentelemetry';
 *
 * const store = createManifestStore();
 * const instrumentation = instrumentStorage({ storages: { manifests: store } });
 * process.once('SIGTERM', () => instrumentation.stop());
 */
export function instrumentStorage(options: InstrumentationOptions = {}): StorageInstrumentation {
  const { storages, cachedReads, tracerProvider, meterProvider } = resolveOptions(options);
  const meter = meterProvider.getMeter(SCOPE);
  const stops = [
    recordSpans(tracerProvider.getTracer(SCOPE), { cachedReads }),
    recordMetrics(meter),
    observeStorages(meter, storages),
  ];
  return {
    stop() {
      for (const end of stops.splice(0)) end();
    },
  };
}
