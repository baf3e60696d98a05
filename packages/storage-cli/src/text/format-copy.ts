import type { CopyOptions, CopyReport } from '@gati-framework/storage-tools/copy';
import { plural } from './words.js';

/** How a command that fills a store is told. */
export interface CopyWords {
  /** e.g. `copy`. */
  readonly does: string;
  /** e.g. `Copied`. */
  readonly did: string;
}

/** What became of the records of a source, on one line. */
export function formatCopy(report: CopyReport, mode: CopyOptions['mode'], { does, did }: CopyWords): string {
  const { outcome, records, revision, sha256 } = report;
  const count = plural(records, 'record');
  if (outcome === 'unchanged')
    return `Nothing to ${does}: the target holds just this already, ${count}, sha256 ${sha256}`;
  const to = placeOf(report, mode);
  if (outcome === 'dry-run') return `Would ${does} ${count} ${to}, sha256 ${sha256}`;
  return `${did} ${count} ${to} as revision ${revision}, ${comparison(report)}, sha256 ${sha256}`;
}

function placeOf({ held }: CopyReport, mode: CopyOptions['mode']): string {
  if (held === 0) return 'to an empty store';
  const count = held === 1 ? 'the record' : `the ${held} records`;
  return mode === 'replace'
    ? `in the place of ${count} of the target`
    : `beside and over ${count} of the target`;
}

function comparison({ verified }: CopyReport): string {
  return verified ? 'read back and compared' : 'not compared, as somebody has committed since';
}
