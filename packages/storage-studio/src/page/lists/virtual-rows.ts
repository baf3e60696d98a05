/** Which rows of a long list are drawn. */
export interface RowWindow {
  /** The first that is drawn. */
  readonly from: number;
  /** Behind the last that is drawn. */
  readonly to: number;
}

/** Rows that are drawn beyond what is seen, so that a step of a wheel meets rows that are there. */
const BEYOND = 12;

/** The rows between two heights below the top of the list. */
export function rowWindow(top: number, bottom: number, rowHeight: number, count: number): RowWindow {
  const first = Math.floor(top / rowHeight) - BEYOND;
  const last = Math.ceil(bottom / rowHeight) + BEYOND;
  const from = Math.max(0, Math.min(first, count));
  return { from, to: Math.max(from, Math.min(last, count)) };
}

/** The row that a key leads to from another one; `undefined` for keys that lead nowhere. */
export function rowAfterKey(
  key: string,
  row: number,
  count: number,
  rowsPerPage: number,
): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    j: 1,
    ArrowUp: -1,
    k: -1,
    PageDown: rowsPerPage,
    PageUp: -rowsPerPage,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, row + step));
}
