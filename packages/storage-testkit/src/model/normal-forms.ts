import type { Entry, LogEntry, StorageEvent } from '@gati-framework/manifest-store';
import { fieldOf } from '../untyped.js';
import type { ModelEvent, ModelLogEntry, ModelRow } from './model-storage.js';

// What the model and a storage say, in a form in which it can be compared.

export function normalEntry(entry: unknown): unknown {
  const key = { ...Object(fieldOf(entry, 'key')) };
  return {
    kind: fieldOf(entry, 'kind'),
    key,
    value: fieldOf(entry, 'value'),
    revision: fieldOf(entry, 'revision'),
  };
}

/** The order of the kinds among themselves is the storage's own. */
export function normalEntries(found: readonly (Entry | ModelRow)[]): unknown[] {
  return [...found].sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0)).map(normalEntry);
}

export function normalEvent({ revision, note, changes }: StorageEvent): ModelEvent {
  return {
    revision,
    ...(note !== undefined && { note }),
    changes: changes.map((change) => {
      if ('clear' in change) return { clear: true };
      if ('delete' in change) return { delete: change.delete, key: { ...change.key } };
      return { put: change.put, key: { ...change.key }, value: change.value };
    }),
  };
}

/** Without the values, which a log does not tell. */
export function normalLog(entries: readonly (LogEntry | ModelLogEntry)[]): unknown[] {
  return entries.map(({ revision, note, changeCount, changes }) => ({
    revision,
    note,
    changeCount,
    changes: changes.map((change) => ({
      put: fieldOf(change, 'put'),
      delete: fieldOf(change, 'delete'),
      clear: fieldOf(change, 'clear'),
      key: { ...Object(fieldOf(change, 'key')) },
    })),
  }));
}
