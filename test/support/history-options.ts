import type { HistoryOptions } from '@gati-framework/manifest-store';
import type { CreateOptions } from '@gati-framework/storage-testkit';

/** What a conformance case asks of the history, as storages take it. */
export function withHistory({
  historyLimit,
  historyAge,
  ...options
}: CreateOptions): Omit<CreateOptions, 'historyLimit' | 'historyAge'> & { history?: HistoryOptions } {
  const history: HistoryOptions = {
    ...(historyLimit !== undefined && { changes: historyLimit }),
    ...(historyAge !== undefined && { age: historyAge }),
  };
  return { ...options, ...(Object.keys(history).length > 0 && { history }) };
}
