import type { Storage } from '@gati-framework/manifest-store';
import { readCount, readOptions } from '@gati-framework/manifest-store/backend';
import { RecordStorage } from '@gati-framework/storage-kit';
import { LmdbRecordDriver } from './lmdb-record-driver.js';

export interface LmdbStorageOptions {
  filename: string;
  /** How many changes `watch` can replay. Default: 10,000. */
  historyLimit?: number;
  /** Largest record, in bytes of its JSON text. Default: 16 MiB. */
  maxRecordBytes?: number;
  /** Bound for the read cache, in bytes of heap, about. Default: 64 MiB. */
  cacheSize?: number;
}

/** A storage in one LMDB file. */
export function createLmdbStorage(options: LmdbStorageOptions): Storage {
  const known = ['filename', 'historyLimit', 'maxRecordBytes', 'cacheSize'];
  const { filename, historyLimit, ...limits } = readOptions(options, known);
  const driver = new LmdbRecordDriver(filename, readCount(historyLimit, 'options.historyLimit', 10_000));
  return new RecordStorage(driver, { ...limits, watchInterval: 20 });
}
