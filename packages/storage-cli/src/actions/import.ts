import {
  type ImportOptions,
  type ImportReport,
  type ImportTarget,
  importDocument,
  previewImports,
} from '@gati-framework/api-import';
import type { Terminal } from '../terminal.js';
import { formatReport } from '../text/format-report.js';
import { importSources } from './import-sources.js';
import { withStorage, withStorageToCompare } from './with-storage.js';

export interface ImportCommandOptions
  extends Pick<
    ImportOptions,
    'api' | 'dryRun' | 'insert' | 'strictErrors' | 'versionDigest' | 'versionName'
  > {
  readonly store: string;
  /** Where the files are that standard input may refer to. */
  readonly folder?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** Imports documents, one commit each, and tells whether any of them breaks callers. */
export async function importCommand(
  terminal: Terminal,
  files: readonly string[],
  options: ImportCommandOptions,
): Promise<boolean> {
  const { store, folder, json = false, verbose = false, ...importOptions } = options;
  const sources = await importSources(terminal, files, folder);
  const reports: ImportReport[] = [];
  const run = async (storage: ImportTarget): Promise<void> => {
    const importOne = importOptions.dryRun
      ? await previewImports(storage)
      : importDocument.bind(undefined, storage);
    for (const source of sources) {
      const report = await importOne(source, importOptions);
      reports.push(report);
      if (!json) terminal.out(formatReport(report, { width: terminal.columns, verbose }));
    }
  };
  try {
    if (importOptions.dryRun) await withStorageToCompare(store, terminal.signal, run);
    else await withStorage(store, {}, terminal.signal, run);
  } finally {
    // What was stored before a document that is refused stays stored.
    if (json && reports.length > 0)
      terminal.out(JSON.stringify(sources.length === 1 ? reports[0] : reports, null, 2));
  }
  return reports.some(isBreaking);
}

function isBreaking({ changed, inserted, removed, renamed }: ImportReport): boolean {
  const compared = [...changed, ...renamed, ...inserted, ...inserted.map(({ next }) => next)];
  return removed.length > 0 || compared.some(({ verdict }) => verdict === 'breaking');
}
