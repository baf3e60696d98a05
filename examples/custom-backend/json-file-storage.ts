import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { RecordKind, RecordTypes, StorageContract, StorageStats } from '@gati-framework/manifest-store';
import { StorageError } from '@gati-framework/manifest-store';
import * as backend from '@gati-framework/manifest-store/backend';
import { parse, stringify } from 'devalue';

/** A storage in one text file that reads well in a diff: a record a line, in first-stored order. */
export function createJsonFileStorage(filename: string): StorageContract {
  const lines = readFileSync(filename, { encoding: 'utf8', flag: 'a+' }).split('\n').filter(Boolean);
  let rows = new Map<string, { kind: RecordKind; value: object }>(lines.map((line) => parse(line)));

  function save(changed: typeof rows): void {
    try {
      writeFileSync(`${filename}.new`, [...changed].map((row) => `${stringify(row)}\n`).join(''));
      renameSync(`${filename}.new`, filename);
    } catch (cause) {
      throw new StorageError('STORAGE_FAILED', `${filename} cannot be written.`, { cause });
    }
    rows = changed;
  }

  async function put<K extends RecordKind>(kind: K, record: RecordTypes[K]): Promise<void> {
    const { key, value } = backend.preparePut(kind, record); // refuses what cannot be stored, copies the rest
    save(new Map(rows).set(JSON.stringify([kind, ...key]), { kind, value })); // an existing key keeps its place
  }

  function find<K extends RecordKind>(kind: K, fields: Record<string, string> = {}): RecordTypes[K][] {
    const wanted = Object.entries(fields);
    for (const [name, key] of wanted) backend.assertKeyField(key, name);
    const matches = (value: object) => wanted.every(([name, key]) => Reflect.get(value, name) === key);
    const found = [...rows.values()].filter((row) => row.kind === kind && matches(row.value));
    return found.map(({ value }) => backend.snapshot(value as RecordTypes[K], kind).value); // a frozen copy each time
  }

  const count = (kind: RecordKind) => [backend.RECORD_KINDS[kind].count, find(kind).length];
  const versionsOf = (handlerId: string) =>
    find('manifest', { handlerId }).sort((a, b) => a.createdAt - b.createdAt);
  return {
    storeManifest: (manifest) => put('manifest', manifest),
    storeHookManifest: (manifest) => put('hookManifest', manifest),
    storeGType: (gtype) => put('gtype', gtype),
    storeTransformer: (transformer) => put('transformer', transformer),
    storeVersionGraph: (graph) => put('versionGraph', graph),
    storeTimescapeMetadata: (metadata) => put('timescapeMetadata', metadata),
    getManifest: async (handlerId, version = '') =>
      (version === '' ? versionsOf(handlerId) : find('manifest', { handlerId, version })).at(-1),
    getAllManifestVersions: async (handlerId) => versionsOf(handlerId),
    getHookManifest: async (handlerId) => find('hookManifest', { handlerId })[0] ?? null,
    listHookManifests: async () => find('hookManifest'),
    getGType: async (ref) => find('gtype', { ref })[0],
    getTransformer: async (id) => find('transformer', { id })[0],
    getTransformersForVersions: async (handlerId, fromVersion, toVersion) =>
      find('transformer', { handlerId, fromVersion, toVersion }),
    getVersionGraph: async (handlerId) => find('versionGraph', { handlerId })[0],
    getTimescapeMetadata: async (handlerId, version) => find('timescapeMetadata', { handlerId, version })[0],
    clear: async () => save(new Map()),
    getStats: () => Object.fromEntries(backend.RECORD_KIND_NAMES.map(count)) as unknown as StorageStats,
  };
}
