import type { RecordKind, TimescapeMetadata } from '@gati-framework/manifest-store';
import type { PastStorage } from '@gati-framework/storage-tools/history';
import type { Terminal } from '../terminal.js';
import {
  formatHooks,
  formatStoredGType,
  formatTimescape,
  formatTransformer,
} from '../text/format-records.js';
import { asJson } from '../text/json.js';
import type { ShowCommandOptions } from './show.js';
import { unknownRecord } from './unknown-record.js';
import { withStorageAt } from './with-storage.js';

/** How a record is found, worded, and named where it is missing. */
interface Shown<T> {
  readonly kind: RecordKind;
  readonly name: string;
  readonly what: string;
  read(storage: PastStorage): Promise<T | undefined | null>;
  format(record: T): string;
}

export async function showGTypeCommand(
  terminal: Terminal,
  ref: string,
  options: ShowCommandOptions,
): Promise<void> {
  await showRecord(terminal, options, {
    kind: 'gtype',
    name: ref,
    what: `GType "${ref}"`,
    read: (storage) => storage.getGType(ref),
    format: formatStoredGType,
  });
}

export async function showTransformerCommand(
  terminal: Terminal,
  id: string,
  options: ShowCommandOptions,
): Promise<void> {
  await showRecord(terminal, options, {
    kind: 'transformer',
    name: id,
    what: `transformer "${id}"`,
    read: (storage) => storage.getTransformer(id),
    format: (transformer) => formatTransformer(transformer, terminal.columns),
  });
}

export async function showHooksCommand(
  terminal: Terminal,
  handlerId: string,
  options: ShowCommandOptions,
): Promise<void> {
  await showRecord(terminal, options, {
    kind: 'hookManifest',
    name: handlerId,
    what: `hook manifest of "${handlerId}"`,
    read: (storage) => storage.getHookManifest(handlerId),
    format: (hooks) => formatHooks(hooks, terminal.columns),
  });
}

/** @param version Default: all of which something is stored. */
export async function showTimescapeCommand(
  terminal: Terminal,
  handlerId: string,
  version: string | undefined,
  options: ShowCommandOptions,
): Promise<void> {
  const of = version === undefined ? `"${handlerId}"` : `"${handlerId}" in version ${version}`;
  await showRecord<readonly TimescapeMetadata[]>(terminal, options, {
    kind: 'timescapeMetadata',
    name: handlerId,
    what: `Timescape metadata of ${of}`,
    read: (storage) => readTimescape(storage, handlerId, version),
    format: formatTimescape,
  });
}

async function readTimescape(
  storage: PastStorage,
  handlerId: string,
  version: string | undefined,
): Promise<readonly TimescapeMetadata[] | undefined> {
  const found: TimescapeMetadata[] = [];
  for await (const entry of storage.entries({ kinds: ['timescapeMetadata'], handlerId })) {
    if (entry.kind !== 'timescapeMetadata') continue;
    if (version === undefined || entry.key.version === version) found.push(entry.value);
  }
  return found.length === 0 ? undefined : found;
}

async function showRecord<T>(
  terminal: Terminal,
  { json, ...store }: ShowCommandOptions,
  { kind, name, what, read, format }: Shown<T>,
): Promise<void> {
  await withStorageAt(store, terminal, async (storage) => {
    const record = await read(storage);
    if (record === undefined || record === null) throw await unknownRecord(storage, kind, what, name);
    terminal.out(json === true ? asJson(record) : format(record));
  });
}
