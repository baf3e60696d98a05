import type { HandlerManifest, RecordKind, RecordTypes } from '@gati-framework/manifest-store';
import { snapshot } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import type { Row } from './disk.js';
import { ReferenceStorage, turn } from './reference-storage.js';
import { handingOut, keeping } from './storages.js';

const group = 'isolation';

export const brokenIsolation: readonly BrokenBackend[] = [
  { group, bug: 'live references stored', create: keeping((_, record) => record) },
  { group, bug: 'only the surface copied', create: keeping((_, record) => ({ ...record })) },
  {
    group,
    bug: 'the object that was handed in frozen',
    create: keeping((copy, record) => {
      Object.freeze(record);
      return copy;
    }),
  },
  { group, bug: 'unfrozen copies handed out', create: handingOut((value) => structuredClone(value)) },
  {
    group,
    bug: 'one unfrozen copy handed out to all',
    create: (disk, options) => {
      const copies = new WeakMap<object, Row['value']>();
      return handingOut((value) => {
        const copy = copies.get(value) ?? structuredClone(value);
        copies.set(value, copy);
        return copy;
      })(disk, options);
    },
  },
  {
    group,
    bug: 'only the surface frozen',
    create: handingOut((value) => Object.freeze(structuredClone(value)) as Row['value']),
  },
  { group, bug: 'Dates and Maps shared by all readers', create: handingOut((value) => value) },
  {
    group,
    bug: 'the copy taken when the write happens',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override async store<K extends RecordKind>(kind: K, record: RecordTypes[K]): Promise<void> {
          await turn();
          await super.store(kind, record);
        }
      })(disk),
  },
  {
    group,
    bug: 'the same array at each call',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #lists = new Map<string, HandlerManifest[]>();
        override async getAllManifestVersions(id: string): Promise<HandlerManifest[]> {
          const list = this.#lists.get(id) ?? [];
          this.#lists.set(id, list);
          list.splice(0, list.length, ...(await super.getAllManifestVersions(id)));
          return list;
        }
      })(disk),
  },
  {
    group,
    bug: 'regular expressions frozen, which stops them from working',
    create: handingOut((value, kind) => {
      const copy = snapshot(value, kind).value;
      for (const { value: pattern } of (copy as { validators?: { value: unknown }[] }).validators ?? []) {
        if (pattern instanceof RegExp) Object.freeze(pattern);
      }
      return copy;
    }),
  },
];
