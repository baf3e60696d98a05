import type { StorageMessage, StorageWaits } from '@gati-framework/manifest-store';
import type { Meter } from '@opentelemetry/api';
import { type Operation, operationAttributes, storeAttributes } from './attributes.js';
import { type Instruments, makeInstruments } from './instruments.js';
import { listen } from './subscriptions.js';

/** Makes metrics of what storages tell, until what is returned is called. */
export function recordMetrics(meter: Meter): () => void {
  const recorder = new Recorder(makeInstruments(meter));
  const stops = [
    listen('gati:storage:read', {
      done(message) {
        const { operation, kind, cacheHit, bytes } = message;
        recorder.readOf(message, operation, cacheHit);
        // The database had no part in it.
        if (cacheHit === true) return;
        recorder.operation(message, { name: operation, kind });
        recorder.waits(message, operation);
        recorder.text(message, bytes, 'read');
      },
    }),
    listen('gati:storage:commit', {
      done(message) {
        const { kind, batchSize, bytes, error } = message;
        recorder.operation(message, { name: 'commit', kind });
        recorder.waits(message, 'commit');
        if (error !== undefined) return;
        recorder.changes(message, batchSize, 'own');
        recorder.text(message, bytes, 'write');
      },
    }),
    listen('gati:storage:group', {
      done(message) {
        recorder.work(message, 'group');
        recorder.group(message, message.batchSize);
      },
    }),
    listen('gati:storage:feed', {
      done(message) {
        const { operation, changes } = message;
        recorder.work(message, `feed ${operation}`);
        if (changes !== 'all') recorder.changes(message, changes, 'others');
      },
    }),
    listen('gati:storage:open', { done: (message) => recorder.work(message, 'open') }),
    listen('gati:storage:migrate', { done: (message) => recorder.work(message, 'migrate') }),
    listen('gati:storage:fold', { done: (message) => recorder.work(message, 'fold') }),
    listen('gati:storage:trim', { done: (message) => recorder.work(message, 'trim') }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Puts what is told into the instruments. */
class Recorder {
  readonly #to: Instruments;

  constructor(instruments: Instruments) {
    this.#to = instruments;
  }

  operation(message: StorageMessage, operation: Operation): void {
    this.#to.operations.record(secondsOf(message), operationAttributes(message, operation));
  }

  /** What no single caller waits for alone. */
  work(message: StorageMessage, name: string): void {
    this.#to.work.record(secondsOf(message), operationAttributes(message, { name }));
  }

  waits({ waited, ...message }: StorageMessage & { readonly waited: StorageWaits }, name: string): void {
    const attributes = { ...storeAttributes(message), 'db.operation.name': name };
    for (const [what, time] of Object.entries(waited)) {
      this.#to.waits.record(time / 1_000, { ...attributes, 'gati.storage.wait': what });
    }
  }

  readOf(message: StorageMessage, name: string, cacheHit: boolean | undefined): void {
    const hit = cacheHit === undefined ? {} : { 'gati.storage.cache.hit': cacheHit };
    this.#to.reads.add(1, { ...storeAttributes(message), 'db.operation.name': name, ...hit });
  }

  group(message: StorageMessage, size: number): void {
    this.#to.groups.record(size, storeAttributes(message));
  }

  changes(message: StorageMessage, count: number | undefined, origin: 'own' | 'others'): void {
    if (count === undefined) return;
    this.#to.changes.add(count, { ...storeAttributes(message), 'gati.storage.origin': origin });
  }

  text(message: StorageMessage, size: number | undefined, direction: 'read' | 'write'): void {
    if (size === undefined) return;
    this.#to.text.add(size, { ...storeAttributes(message), 'gati.storage.direction': direction });
  }
}

function secondsOf({ duration = 0 }: StorageMessage): number {
  return duration / 1_000;
}
