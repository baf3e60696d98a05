import type { RecordKind, RecordTypes } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import type { Row } from './disk.js';
import { ReferenceStorage } from './reference-storage.js';

const group = 'identity';

type Fields = Readonly<Record<string, unknown>>;

/** A storage that takes two keys for the same when this makes them the same. */
function comparing(nameOf: (key: KeyTuple) => string): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      protected override sameKey(a: KeyTuple, b: KeyTuple): boolean {
        return nameOf(a) === nameOf(b);
      }
    })(disk);
}

/** A storage whose lists compare fields in this way. */
function listing(isSame: (stored: string, wanted: string) => boolean): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      protected override hasFields({ value }: Row, fields: Fields): boolean {
        const values = value as unknown as Record<string, string>;
        return Object.entries(fields).every(([name, wanted]) =>
          isSame(values[name] as string, wanted as string),
        );
      }
    })(disk);
}

export const brokenIdentities: readonly BrokenBackend[] = [
  { group, model: true, bug: 'keys joined with a colon', create: comparing((key) => key.join(':')) },
  { group, bug: 'keys joined with an invisible separator', create: comparing((key) => key.join('\u001f')) },
  { group, bug: 'keys joined with nothing', create: comparing((key) => key.join('')) },
  {
    group,
    bug: 'keys joined with quotes',
    create: comparing((key) => key.map((part) => `"${part}"`).join()),
  },
  {
    group,
    model: true,
    bug: 'keys compared without case',
    create: comparing((key) => key.join('\0').toLowerCase()),
  },
  { group, model: true, bug: 'keys normalised', create: comparing((key) => key.join('\0').normalize('NFC')) },
  { group, bug: 'keys trimmed', create: comparing((key) => key.map((part) => part.trim()).join('\0')) },
  {
    group,
    bug: 'keys cut off at 255 characters',
    create: comparing((key) => key.map((part) => part.slice(0, 255)).join('\0')),
  },
  {
    group,
    bug: 'keys compared as numbers where they look like numbers',
    create: comparing((key) => key.map((part) => (part.trim() === '' ? part : +part || part)).join('\0')),
  },
  {
    group,
    bug: 'keys compared by a collation that ignores what is invisible',
    create: comparing((key) => key.join('\0').replace(/[\u200b\u00ad\ufeff]/g, '')),
  },
  {
    group,
    bug: 'astral characters stored as one replacement character',
    create: comparing((key) => key.join('\0').replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd')),
  },
  {
    group,
    bug: 'records kept in plain objects, which inherit names',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override one<K extends RecordKind>(kind: K, key: Fields): RecordTypes[K] | undefined {
          return super.one(kind, key) ?? ({} as Record<string, never>)[Object.values(key)[0] as string];
        }
      })(disk),
  },
  {
    group,
    bug: 'one namespace for hook manifests and version graphs',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override find(kind: RecordKind, key: KeyTuple): Row | undefined {
          return super.find(kind === 'versionGraph' ? 'hookManifest' : kind, key) ?? super.find(kind, key);
        }
      })(disk),
  },
  {
    group,
    bug: 'versions of a handler found by prefix',
    create: listing((stored, wanted) => stored.startsWith(wanted)),
  },
  {
    group,
    bug: 'lists found by a pattern',
    create: listing((stored, wanted) => like(wanted).test(stored)),
  },
  {
    group,
    model: true,
    bug: 'lists found without case',
    create: listing((stored, wanted) => stored.toLowerCase() === wanted.toLowerCase()),
  },
  {
    group,
    bug: 'transformers found by their versions joined',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override hasFields(row: Row, fields: Fields): boolean {
          const { handlerId, fromVersion, toVersion } = row.value as unknown as Record<string, string>;
          if (fields.toVersion === undefined) return super.hasFields(row, fields);
          return `${handlerId}:${fromVersion}:${toVersion}` === Object.values(fields).join(':');
        }
      })(disk),
  },
];

/** The SQL pattern `wanted` as a regular expression. */
function like(wanted: string): RegExp {
  const literal = wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('%', '.*').replaceAll('_', '.')}$`, 's');
}
