import {
  type DocumentSource,
  type ImportOptions,
  type ImportReport,
  importDocument,
  nameOfSource,
  previewImports,
} from '@gati-framework/api-import';
import { noteOf } from '@gati-framework/storage-tools';
import type { Terminal } from '../terminal.js';
import { formatReport } from '../text/format-report.js';
import { importSources } from './import-sources.js';
import { withStorage, withStorageToCompare } from './with-storage.js';

export interface ImportCommandOptions
  extends Pick<
    ImportOptions,
    'api' | 'dryRun' | 'insert' | 'note' | 'strictErrors' | 'versionDigest' | 'versionName'
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
  const { store, folder, note, json = false, verbose = false, ...importOptions } = options;
  const sources = await importSources(terminal, files, folder);
  const reports: ImportReport[] = [];
  const importAll = async (importOne: (source: DocumentSource) => Promise<ImportReport>): Promise<void> => {
    for (const source of sources) {
      const report = await importOne(source);
      reports.push(report);
      if (!json) terminal.out(formatReport(report, { width: terminal.columns, verbose }));
    }
  };
  try {
    if (importOptions.dryRun) {
      await withStorageToCompare(store, terminal, async (storage) => {
        const preview = await previewImports(storage);
        await importAll((source) => preview(source, importOptions));
      });
    } else {
      await withStorage(store, {}, terminal, (storage) =>
        importAll((source) => {
          const told = noteOf(storage, `import ${nameOfSource(source)}`, note);
          return importDocument(storage, source, { ...importOptions, ...told });
        }),
      );
    }
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
