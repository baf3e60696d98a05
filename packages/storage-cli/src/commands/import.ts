import { type ImportOptions, type ImportReport, importDocument } from '@gati-framework/api-import';
import { formatReport } from '../format-report.js';
import type { Terminal } from '../terminal.js';
import { withStorage, withStorageToCompare } from './with-storage.js';

export interface ImportCommandOptions {
  readonly store: string;
  readonly versionName?: string;
  readonly dryRun?: boolean;
  readonly strictErrors?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

export async function importCommand(
  terminal: Terminal,
  file: string,
  options: ImportCommandOptions,
): Promise<void> {
  const { store, versionName, dryRun = false, strictErrors = false, json = false, verbose = false } = options;
  const importOptions: ImportOptions = {
    dryRun,
    strictErrors,
    ...(versionName === undefined ? {} : { versionName }),
  };
  const run = (storage: Parameters<typeof importDocument>[0]): Promise<ImportReport> =>
    importDocument(storage, { file }, importOptions);
  const report = dryRun
    ? await withStorageToCompare(store, terminal.signal, run)
    : await withStorage(store, {}, terminal.signal, run);
  terminal.out(
    json ? JSON.stringify(report, null, 2) : formatReport(report, { width: terminal.columns, verbose }),
  );
}
