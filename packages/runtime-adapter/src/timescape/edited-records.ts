import {
  type Change,
  type Expectation,
  type RecordKey,
  type RecordKind,
  type RecordTypes,
  type Revision,
  type Storage,
  StorageError,
  type TimescapeMetadata,
  type Transformer,
  type VersionGraph,
} from '@gati-framework/manifest-store';
import { describeKey, keyTuple } from '@gati-framework/manifest-store/backend';

/** What of a storage is used to change records. */
export type EditedStorage = Pick<
  Storage,
  'capabilities' | 'commit' | 'get' | 'getAllManifestVersions' | 'getTransformersForVersions'
>;

/** How often a change is made anew because somebody else was faster. */
const MAX_ATTEMPTS = 16;

/**
 * Records that are read, changed and committed together: the commit happens only if none of those that were
 * read has been changed by others.
 */
export class EditedRecords {
  readonly #storage: EditedStorage;
  readonly #values = new Map<string, RecordTypes[RecordKind] | undefined>();
  readonly #expect: Expectation[] = [];
  readonly #changes = new Map<string, Change>();
  #expectRevision: Revision | undefined;

  constructor(storage: EditedStorage) {
    this.#storage = storage;
  }

  async graph(handlerId: string): Promise<VersionGraph | undefined> {
    const stored = await this.#read<'versionGraph'>({ kind: 'versionGraph', key: { handlerId } });
    if (stored !== undefined) return stored;
    return graphOfManifests(handlerId, await this.#storage.getAllManifestVersions(handlerId));
  }

  metadata(handlerId: string, version: string): Promise<TimescapeMetadata | undefined> {
    return this.#read<'timescapeMetadata'>({ kind: 'timescapeMetadata', key: { handlerId, version } });
  }

  transformer(id: string): Promise<Transformer | undefined> {
    return this.#read<'transformer'>({ kind: 'transformer', key: { id } });
  }

  /**
   * From here on the commit happens only if nobody commits anything: for what depends on records that are not there, and
   * of which nobody can say how they would be called.
   */
  async standStill(): Promise<void> {
    if (this.#storage.capabilities.history) this.#expectRevision ??= await this.#storage.commit([]);
  }

  /** As they are stored. What is put here is not among them. */
  transformersBetween({ handlerId, fromVersion, toVersion }: Transformer): Promise<Transformer[]> {
    return this.#storage.getTransformersForVersions(handlerId, fromVersion, toVersion);
  }

  put<K extends RecordKind>(kind: K, value: RecordTypes[K]): void {
    const name = describeKey(kind, keyTuple(kind, value));
    this.#values.set(name, value);
    this.#changes.set(name, { put: kind, value } as Change);
  }

  /** @returns The revision, or `undefined` when there is nothing to commit. */
  async commit(): Promise<Revision | undefined> {
    if (this.#changes.size === 0) return undefined;
    return await this.#storage.commit([...this.#changes.values()], {
      expect: this.#expect,
      ...(this.#expectRevision !== undefined && { expectRevision: this.#expectRevision }),
    });
  }

  async #read<K extends RecordKind>({ kind, key }: RecordKey<K>): Promise<RecordTypes[K] | undefined> {
    const name = describeKey(kind, keyTuple(kind, key));
    if (this.#values.has(name)) return this.#values.get(name) as RecordTypes[K] | undefined;
    const entry = await this.#storage.get<K>({ kind, key } as RecordKey<K>);
    this.#values.set(name, entry?.value);
    this.#expect.push({ kind, key, revision: entry?.revision ?? null } as Expectation);
    return entry?.value;
  }
}

/** Makes a change anew until nobody else was faster. */
export async function editRecords(
  storage: EditedStorage,
  edit: (records: EditedRecords) => Promise<void>,
): Promise<Revision | undefined> {
  for (let attempt = 1; ; attempt++) {
    const records = new EditedRecords(storage);
    await edit(records);
    try {
      return await records.commit();
    } catch (error) {
      const isLate = error instanceof StorageError && error.code === 'STORAGE_CONFLICT';
      if (!isLate || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** Manifests that were stored without a graph are versions all the same. */
export function graphOfManifests(
  handlerId: string,
  manifests: readonly RecordTypes['manifest'][],
): VersionGraph | undefined {
  const latest = manifests.at(-1);
  if (latest === undefined) return undefined;
  const versions = manifests.map(({ version, hash, createdAt }) => ({
    version,
    manifestHash: hash,
    deployedAt: createdAt,
    active: true,
    breaking: false,
  }));
  return { handlerId, versions, currentVersion: latest.version, latestVersion: latest.version };
}
