import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Storage } from '@gati-framework/manifest-store';
import { countRecords, storageFile } from '@gati-framework/storage-tools';
import { isArchive } from '@gati-framework/storage-tools/archive';
import {
  type CopyOptions,
  type CopyReport,
  copyStorage,
  isSameStore,
} from '@gati-framework/storage-tools/copy';
import { showCopyProgress } from '../copy-progress.js';
import { tellOfWaiting } from '../tell-of-waiting.js';
import type { OpeningTerminal, Terminal } from '../terminal.js';
import { type CopyWords, formatCopy } from '../text/format-copy.js';
import { asJson } from '../text/json.js';
import { asUsage, UsageError } from '../usage-error.js';
import { assertExists, withStorage, withStorageToCompare } from './with-storage.js';

/** What commands that fill a store have in common. */
export interface FillOptions {
  readonly replace?: boolean;
  readonly merge?: boolean;
  readonly note?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Stores every record of one store in another one, in one commit, or says what that would do. */
export async function copyCommand(
  terminal: Terminal,
  [from, to]: readonly [from: string, to: string],
  options: FillOptions,
): Promise<void> {
  const { signal } = terminal;
  await assertNoArchive(from, to);
  await asUsage(() => assertExists(from, 'Name the store that is to be copied.'));
  await asUsage(() => storageFile(to));
  await withStorage(from, { readOnly: true }, terminal, async (source) => {
    await assertAnother(terminal, from, to);
    const total = countRecords(await source.stats());
    await withTarget(to, options, terminal, async (target) => {
      using progress = showCopyProgress(terminal, { total, quiet: options.json });
      const report = await copyStorage(source, target, {
        ...copyOptions(options),
        onProgress: progress.onProgress,
        signal,
      });
      progress[Symbol.dispose]();
      tell(terminal, report, options, { does: 'copy', did: 'Copied' });
    });
  });
}

/** After the first was opened, so that the second is what may be waited for. */
async function assertAnother(terminal: OpeningTerminal, from: string, to: string): Promise<void> {
  const isSame = await tellOfWaiting(terminal, { store: to }, () => asUsage(() => isSameStore(from, to)));
  if (!isSame) return;
  throw new UsageError(
    'Both URLs name the same store. Name another one to copy to, or keep an archive of it: export.',
    { path: 'to' },
  );
}

/** A target that is not to be written is not made either, and one that was made for nothing goes again. */
export async function withTarget(
  url: string,
  { dryRun = false }: FillOptions,
  terminal: OpeningTerminal,
  use: (storage: Storage) => Promise<void>,
): Promise<void> {
  if (dryRun) return await withStorageToCompare(url, terminal, use);
  const file = await asUsage(() => storageFile(url));
  if (file === undefined || existsSync(file)) return await withStorage(url, {}, terminal, use);
  try {
    await withStorage(url, {}, terminal, use);
  } catch (error) {
    await removeEmpty(url);
    throw error;
  }
}

/** After an error, which says more than another one about what it left. */
async function removeEmpty(url: string): Promise<void> {
  const { removeEmptyStore } = await import('@gati-framework/storage-tools/schema');
  await removeEmptyStore(url).catch(() => {});
}

export function copyOptions({ note, dryRun = false, ...options }: FillOptions): CopyOptions {
  const mode = modeOf(options);
  return { dryRun, ...(mode !== undefined && { mode }), ...(note !== undefined && { note }) };
}

export function tell(terminal: Terminal, report: CopyReport, options: FillOptions, words: CopyWords): void {
  terminal.out(options.json === true ? asJson(report) : formatCopy(report, modeOf(options), words));
}

function modeOf({ replace = false, merge = false }: FillOptions): CopyOptions['mode'] {
  if (replace) return 'replace';
  return merge ? 'merge' : undefined;
}

/** Another command is for archives. */
async function assertNoArchive(from: string, to: string): Promise<void> {
  const found = await stat(from).catch(() => undefined);
  if (found?.isFile() === true && (await isArchive(from)))
    throw new UsageError(
      `${from} is an archive, and copy copies stores: gati-storage restore ${from} --store <url>`,
      {
        path: 'from',
      },
    );
  if (/\.jsonl(\.gz)?$/.test(to) && !/^[a-z]+:/i.test(to))
    throw new UsageError(
      `${to} looks like an archive, and copy copies stores: gati-storage export ${to} --store <url>`,
      {
        path: 'to',
      },
    );
}
