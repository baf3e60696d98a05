import type { HandlerManifest, HookManifest, RecordTypes, Transformer } from '@gati-framework/manifest-store';
import type { PreparedPut } from '@gati-framework/manifest-store/backend';
import type { BrokenBackend } from './broken-backend.js';
import { Disk, type Row } from './disk.js';
import { ReferenceStorage } from './reference-storage.js';

/** A storage that orders versions in this way. */
function ordering(byAge: (a: HandlerManifest, b: HandlerManifest) => number): BrokenBackend['create'] {
  return (disk) =>
    new (class extends ReferenceStorage {
      protected override byAge(a: HandlerManifest, b: HandlerManifest): number {
        return byAge(a, b);
      }
    })(disk);
}

export const brokenOrders: readonly BrokenBackend[] = [
  {
    group: 'replacement',
    model: true,
    bug: 'replaced rows moved last',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override put(put: PreparedPut, revision: number): void {
          this.remove(put.kind, put.key);
          super.put(put, revision);
        }
      })(disk),
  },
  {
    group: 'replacement',
    model: true,
    bug: 'replaced rows moved last only when they get older or younger',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override put(put: PreparedPut, revision: number): void {
          const before = this.find(put.kind, put.key)?.value as { createdAt?: number } | undefined;
          if (before?.createdAt !== (put.value as { createdAt?: number }).createdAt) {
            this.remove(put.kind, put.key);
          }
          super.put(put, revision);
        }
      })(disk),
  },
  {
    group: 'replacement',
    bug: 'old and new fields merged',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override replace(row: Row, value: RecordTypes[Row['kind']], revision: number): void {
          super.replace(row, { ...row.value, ...value }, revision);
        }
      })(disk),
  },
  {
    group: 'replacement',
    bug: 'the first record of a key is never replaced',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override replace(): void {}
      })(disk),
  },
  {
    group: 'replacement',
    model: true,
    bug: 'a transformer stays where it was looked up first',
    create: (disk) =>
      new (class extends ReferenceStorage {
        readonly #first = new Map<string, Transformer>();
        protected override hasFields(row: Row, fields: Readonly<Record<string, unknown>>): boolean {
          if (row.kind !== 'transformer') return super.hasFields(row, fields);
          const transformer = row.value as Transformer;
          const value = this.#first.get(transformer.id) ?? transformer;
          this.#first.set(transformer.id, value);
          return super.hasFields({ ...row, value }, fields);
        }
      })(disk),
  },
  {
    group: 'order',
    model: true,
    bug: 'the first stored of a tie taken for the latest',
    create: (disk) =>
      new (class extends ReferenceStorage {
        protected override latest(versions: readonly HandlerManifest[]): HandlerManifest | undefined {
          const youngest = versions.at(-1)?.createdAt;
          return versions.find(({ createdAt }) => createdAt === youngest);
        }
      })(disk),
  },
  {
    group: 'order',
    model: true,
    bug: 'ties ordered by version',
    create: ordering((a, b) => a.createdAt - b.createdAt || (a.version < b.version ? -1 : 1)),
  },
  {
    group: 'order',
    bug: 'createdAt compared as text',
    create: ordering((a, b) => (`${a.createdAt}` < `${b.createdAt}` ? -1 : 1)),
  },
  {
    group: 'order',
    bug: 'createdAt compared as whole numbers',
    create: ordering((a, b) => Math.trunc(a.createdAt) - Math.trunc(b.createdAt)),
  },
  {
    group: 'order',
    bug: 'createdAt compared as 32-bit integers',
    create: ordering((a, b) => (a.createdAt | 0) - (b.createdAt | 0)),
  },
  { group: 'order', model: true, bug: 'versions in stored order', create: ordering(() => 0) },
  {
    group: 'order',
    model: true,
    bug: 'descending versions',
    create: ordering((a, b) => b.createdAt - a.createdAt),
  },
  {
    group: 'order',
    bug: 'an empty version taken for a version',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async getManifest(id: string, version?: string): Promise<HandlerManifest | undefined> {
          return version === '' ? undefined : super.getManifest(id, version);
        }
      })(disk),
  },
  {
    group: 'order',
    model: true,
    bug: 'hook manifests listed by name',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async listHookManifests(): Promise<HookManifest[]> {
          return (await super.listHookManifests()).sort((a, b) => (a.handlerId < b.handlerId ? -1 : 1));
        }
      })(disk),
  },
  {
    group: 'order',
    model: true,
    bug: 'transformers listed by age',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async getTransformersForVersions(...pair: [string, string, string]): Promise<Transformer[]> {
          return (await super.getTransformersForVersions(...pair)).sort((a, b) => a.createdAt - b.createdAt);
        }
      })(disk),
  },
  {
    group: 'absence',
    model: true,
    bug: 'forgotten null',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async getHookManifest(handlerId: string): Promise<HookManifest | null> {
          return this.one('hookManifest', { handlerId }) as HookManifest;
        }
      })(disk),
  },
  {
    group: 'absence',
    model: true,
    bug: 'missing manifests are null',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async getManifest(id: string, version?: string): Promise<HandlerManifest | undefined> {
          return (await super.getManifest(id, version)) ?? (null as never);
        }
      })(disk),
  },
  {
    group: 'absence',
    model: true,
    bug: 'empty lists are undefined',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async getAllManifestVersions(id: string): Promise<HandlerManifest[]> {
          const versions = await super.getAllManifestVersions(id);
          return versions.length > 0 ? versions : (undefined as never);
        }
      })(disk),
  },
  {
    group: 'absence',
    bug: 'one empty list for all',
    create: (disk) => {
      const empty: HookManifest[] = [];
      return new (class extends ReferenceStorage {
        override async listHookManifests(): Promise<HookManifest[]> {
          const list = await super.listHookManifests();
          return list.length > 0 ? list : empty;
        }
      })(disk);
    },
  },
  {
    group: 'absence',
    bug: 'one store for all places',
    create: (() => {
      const disk = new Disk();
      return () => new ReferenceStorage(disk);
    })(),
  },
  {
    group: 'absence',
    model: true,
    bug: 'a missing version yields the latest',
    create: (disk) =>
      new (class extends ReferenceStorage {
        override async getManifest(id: string, version?: string): Promise<HandlerManifest | undefined> {
          return (await super.getManifest(id, version)) ?? super.getManifest(id);
        }
      })(disk),
  },
];
