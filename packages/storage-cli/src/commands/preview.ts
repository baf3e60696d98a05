import { type ImportReport, type ImportTarget, importDocument } from '@gati-framework/api-import';
import { type Change, createInMemoryStorage } from '@gati-framework/manifest-store';

type ImportArguments = Parameters<typeof importDocument>;

/** The records of the store were accepted there, whatever their size. */
const ANY_SIZE = 2 ** 30;

/**
 * An import that stores nothing and compares each document with what the ones
 * before would have left: they go into a copy in memory of what an import reads.
 */
export async function importIntoCopyOf(
  storage: ImportTarget,
): Promise<(source: ImportArguments[1], options: ImportArguments[2]) => Promise<ImportReport>> {
  const copy = createInMemoryStorage({ historyLimit: 1, maxRecordBytes: ANY_SIZE });
  const changes: Change[] = [];
  for await (const entry of storage.entries({ kinds: ['gtype', 'manifest', 'versionGraph'] })) {
    if (entry.kind === 'gtype') changes.push({ put: entry.kind, value: entry.value });
    else if (entry.kind === 'manifest') changes.push({ put: entry.kind, value: entry.value });
    else if (entry.kind === 'versionGraph') changes.push({ put: entry.kind, value: entry.value });
  }
  await copy.commit(changes);
  return async (source, options) => {
    const report = await importDocument(copy, source, { ...options, dryRun: false });
    return { ...report, dryRun: true, revision: null };
  };
}
