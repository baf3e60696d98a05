import { cutTo, displayWidth } from './display-width.js';
import { printable } from './printable.js';

/** Columns between two cells. */
const GAP = 2;
/** A cell is not cut below this, however narrow the terminal is. */
const LEAST = 4;

export interface TableOptions {
  /** Columns of the terminal: the widest cells are cut so that the table fits. Default: nothing is cut. */
  readonly width?: number | undefined;
  /** Spaces before each row. Default: 0. */
  readonly indent?: number;
}

/** Rows without borders, a line each, their cells as wide as the widest one above or below. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { width = Number.POSITIVE_INFINITY, indent = 0 }: TableOptions,
): string {
  const cells = rows.map((row) => row.map(printable));
  const all = head.length > 0 ? [head, ...cells] : cells;
  const widest = columnWidths(all);
  const limit = commonLimit(widest, width - indent - GAP * (widest.length - 1));
  const widths = widest.map((column) => Math.min(column, limit));
  return all.map((row) => formatRow(row, widths, indent)).join('\n');
}

function formatRow(row: readonly string[], widths: readonly number[], indent: number): string {
  const cells = row.map((cell, i) => {
    const width = widths[i] ?? 0;
    const shown = cutTo(width, cell);
    return shown + ' '.repeat(width - displayWidth(shown));
  });
  return (' '.repeat(indent) + cells.join(' '.repeat(GAP))).trimEnd();
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell));
    });
  }
  return widths;
}

/** How wide a column may be so that all of them fit: narrow ones give room to wide ones. */
function commonLimit(widths: readonly number[], available: number): number {
  let limit = Math.min(Math.max(...widths), Math.max(available, LEAST));
  const total = (): number => widths.reduce((sum, width) => sum + Math.min(width, limit), 0);
  while (limit > LEAST && total() > available) limit--;
  return limit;
}
