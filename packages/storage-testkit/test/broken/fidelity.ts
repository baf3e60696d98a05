import type { RecordKind, RecordTypes } from '@gati-framework/manifest-store';
import type { PreparedPut } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import type { Row } from './disk.js';
import { ReferenceStorage } from './reference-storage.js';
import { keeping } from './storages.js';

const group = 'fidelity';

export const brokenFidelity: readonly BrokenBackend[] = [
  {
    group,
    model: true,
    bug: 'lossy JSON',
    create: keeping((copy) =>
      JSON.parse(JSON.stringify(copy, (_, part) => (typeof part === 'bigint' ? `${part}` : part))),
    ),
  },
  { group, bug: 'prototypes lost by structured clone', create: keeping((copy) => structuredClone(copy)) },
  {
    group,
    bug: 'properties that hold undefined kept',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #extras = new WeakMap<object, object>();
        protected override prepare<K extends RecordKind>(kind: K, record: RecordTypes[K]): PreparedPut<K> {
          const put = super.prepare(kind, record);
          const { extra } = record as { extra?: object };
          if (!Array.isArray(extra) && Object.values(extra ?? {}).includes(undefined))
            this.#extras.set(put.value, { ...extra });
          return put;
        }
        protected override handOut(row: Row): Row['value'] {
          const extra = this.#extras.get(row.value);
          return (extra ? Object.freeze({ ...row.value, extra }) : super.handOut(row)) as Row['value'];
        }
      })(disk),
  },
  {
    group,
    model: true,
    bug: 'properties sorted, as jsonb does',
    create: keeping((copy) => {
      const sorted = Object.entries(copy).sort(([a], [b]) => (a < b ? -1 : 1));
      return Object.fromEntries(sorted) as typeof copy;
    }),
  },
  {
    group,
    model: true,
    bug: 'NUL characters stripped',
    create: keepingText((text) => text.replaceAll('\0', '')),
  },
  {
    group,
    model: true,
    bug: 'lone surrogates replaced on the way through UTF-8',
    create: keepingText((text) => Buffer.from(text).toString()),
  },
  { group, bug: 'text normalised', create: keepingText((text) => text.normalize('NFC')) },
  { group, bug: 'text cut off at 64 KiB', create: keepingText((text) => text.slice(0, 65_536)) },
  { group, bug: 'empty text taken for null', create: keepingText((text) => (text === '' ? null : text)) },
  {
    group,
    bug: 'dates made of text that looks like one',
    create: keepingText((text) => (/^\d{4}-\d\d-\d\dT.*Z$/.test(text) ? new Date(text) : text)),
  },
  {
    group,
    bug: 'createdAt rounded to milliseconds',
    create: keeping((copy) => {
      const { createdAt } = copy as { createdAt?: number };
      return createdAt === undefined ? copy : { ...copy, createdAt: Math.round(createdAt) };
    }),
  },
  {
    group,
    bug: 'fields that the types do not know dropped',
    create: keeping((copy) => {
      const { unknown: _, ...known } = copy as { unknown?: unknown };
      return known as typeof copy;
    }),
  },
  {
    group,
    bug: 'holes filled with undefined',
    create: keepingParts((part) => (Array.isArray(part) ? Array.from(part) : part)),
  },
  {
    group,
    bug: 'negative zero taken for zero',
    create: keepingParts((part) => (Object.is(part, -0) ? 0 : part)),
  },
  {
    group,
    bug: 'typed arrays with the whole buffer beneath them',
    create: keepingParts((part) => (part instanceof Uint16Array ? new Uint16Array(4) : part)),
  },
];

/** A storage that changes every string in a record, and every property name. */
function keepingText(change: (text: string) => unknown): BrokenBackend['create'] {
  return keepingParts((part) => (typeof part === 'string' ? change(part) : part));
}

/** A storage that changes every part of a record; what is neither a plain object nor an array is one part. */
function keepingParts(change: (part: unknown) => unknown): BrokenBackend['create'] {
  return keeping((copy) => walk(copy) as typeof copy);

  function walk(part: unknown): unknown {
    const changed = change(part);
    if (Array.isArray(changed)) return changed.map(walk);
    if (typeof changed !== 'object' || changed === null) return changed;
    if (Object.getPrototypeOf(changed) !== Object.prototype) return changed;
    return Object.fromEntries(
      Object.entries(changed).map(([name, field]) => [String(change(name) ?? ''), walk(field)]),
    );
  }
}
