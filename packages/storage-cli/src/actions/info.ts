import { type Storage, StorageError } from '@gati-framework/manifest-store';
import { inspectStore, type StoreInspection } from '@gati-framework/storage-tools/schema';
import { inTime, type Patience } from '../in-time.js';
import { packageVersion } from '../package-version.js';
import { tellOfWaiting } from '../tell-of-waiting.js';
import { type OpeningTerminal, silent, type Terminal } from '../terminal.js';
import { formatBytes } from '../text/format-bytes.js';
import { formatPairs } from '../text/format-pairs.js';
import { asJson } from '../text/json.js';
import { asUsage } from '../usage-error.js';
import { withStorage } from './with-storage.js';

export interface InfoCommandOptions {
  readonly store: string;
  /** How long the answers may take, in milliseconds. */
  readonly timeout: number;
  readonly json?: boolean;
}

/** What is told by a store that is open. */
interface Told extends Pick<Storage, 'name' | 'capabilities'> {
  readonly stats: Awaited<ReturnType<Storage['stats']>>;
}

export async function infoCommand(
  terminal: Terminal,
  { store, timeout: whole, json = false }: InfoCommandOptions,
): Promise<void> {
  const patience = { store, timeout: whole };
  const [inspection, told] = await tellOfWaiting(terminal, { store, timeout: whole }, () =>
    inTime(patience, async (timeout) => {
      const found = await asUsage(() => inspectStore(store, { timeout }));
      return [found, await ask({ store, timeout }, found, silent(terminal))] as const;
    }),
  );
  if (json) terminal.out(asJson({ version: packageVersion(), ...inspection, ...told }));
  else terminal.out(formatInfo(inspection, told));
}

/** Nothing, where there is no store yet or one that must be brought up to date first. */
async function ask(
  { store, timeout }: Patience,
  { schemaVersion: found }: StoreInspection,
  terminal: OpeningTerminal,
): Promise<Told | undefined> {
  try {
    return await withStorage(store, { readOnly: true, timeout }, terminal, async (storage) => {
      const stats = await storage.stats();
      return { name: storage.name, capabilities: storage.capabilities, stats };
    });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const isOld = error.code === 'STORAGE_UNAVAILABLE' && error.details?.wanted;
    const isEmptyFile = error.code === 'STORAGE_READONLY' && found === 0;
    if (isOld || isEmptyFile) return undefined;
    throw error;
  }
}

function formatInfo(inspection: StoreInspection, told: Told | undefined): string {
  const { file, database, schema, server, bytes } = inspection;
  const isEtcd = inspection.scheme === 'etcd';
  const { manifestCount, gtypeCount } = told?.stats ?? {};
  return formatPairs([
    ['gati-storage', packageVersion()],
    ['Node.js', process.versions.node],
    ['backend', told?.name ?? inspection.scheme],
    ['file', file],
    ['database', database],
    [isEtcd ? 'prefix' : 'schema', schema],
    ['server', server && `${isEtcd ? 'etcd' : 'PostgreSQL'} ${server}`],
    ['schema version', schemaVersion(inspection)],
    ['size', formattedBytes(told?.stats.bytes ?? bytes)],
    ['on disk', file && formattedBytes(bytes)],
    ['revision', told?.stats.revision],
    ['oldest revision', told?.stats.oldestRevision],
    ['manifests', manifestCount],
    ['GTypes', gtypeCount],
    ['can', told && listOf(told.capabilities, true)],
    ['cannot', told && listOf(told.capabilities, false)],
  ]);
}

function schemaVersion({ schemaVersion: found, knownVersion: known }: StoreInspection): string | undefined {
  if (found === undefined || known === undefined) return undefined;
  if (found === 0) return `none yet; gati-storage migrate makes version ${known}`;
  if (found < known) return `${found}; gati-storage migrate brings it to ${known}`;
  return found === known ? `${found}` : `${found}, newer than the ${known} that this library knows`;
}

function formattedBytes(bytes: number | undefined): string | undefined {
  return bytes === undefined ? undefined : formatBytes(bytes);
}

function listOf(capabilities: Storage['capabilities'], wanted: boolean): string | undefined {
  const names = Object.entries(capabilities).flatMap(([name, has]) => (has === wanted ? [name] : []));
  return names.length === 0 ? undefined : names.join(', ');
}
