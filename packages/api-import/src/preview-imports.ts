import { type Change, createInMemoryStorage } from '@gati-framework/manifest-store';
import { checkTarget } from './check-target.js';
import type { DocumentSource } from './document/document-source.js';
import { type ImportOptions, type ImportTarget, importDocument } from './import-document.js';
import type { ImportReport } from './plan/import-report.js';

const KINDS = ['gtype', 'manifest', 'versionGraph', 'timescapeMetadata'] as const;

/** The records of the store were accepted there, whatever their size. */
const ANY_SIZE = 2 ** 30;

/**
 * An `importDocument` for several documents that stores nothing: each is compared with what the ones before
 * it would have left. They go into a copy in memory of what the store holds now, as far as an import reads it.
 *
 * @example
 * import { previewImports } from '@gati-framework/api-import';
 *
 * const preview = await previewImports(storage);
 * for (const file of ['1.0.0.yaml', '2.0.0.yaml']) console.log((await preview({ file })).changed);
 */
export async function previewImports(
  storage: Pick<ImportTarget, 'entries'>,
): Promise<(source: DocumentSource, options?: ImportOptions) => Promise<ImportReport>> {
  checkTarget(storage, ['entries']);
  const copy = createInMemoryStorage({ historyLimit: 1, maxRecordBytes: ANY_SIZE });
  const changes: Change[] = [];
  for await (const entry of storage.entries({ kinds: KINDS })) {
    if (entry.kind === 'gtype') changes.push({ put: entry.kind, value: entry.value });
    else if (entry.kind === 'manifest') changes.push({ put: entry.kind, value: entry.value });
    else if (entry.kind === 'versionGraph') changes.push({ put: entry.kind, value: entry.value });
    else if (entry.kind === 'timescapeMetadata') changes.push({ put: entry.kind, value: entry.value });
  }
  await copy.commit(changes);
  return async (source, options) => {
    const report = await importDocument(copy, source, { ...options, dryRun: false });
    return { ...report, dryRun: true, revision: null };
  };
}
