import { diffLines } from 'diff';

/** A line of two texts side by side; one that is in both has the same text on both sides. */
export interface LineRow {
  readonly kind: 'same' | 'changed' | 'added' | 'removed';
  readonly before?: { readonly number: number; readonly text: string };
  readonly after?: { readonly number: number; readonly text: string };
}

/** Rows that are the same and left out between others. */
export interface LeftOut {
  readonly kind: 'left-out';
  readonly count: number;
}

/** Lines that are the same are shown so many before and behind what differs. */
const CONTEXT = 3;
/** Two long texts that have nothing in common would be compared for minutes: milliseconds. */
const PATIENCE = 1500;

/** Two texts side by side; `undefined` where they are too long to be compared. */
export function lineRows(before: string, after: string): readonly LineRow[] | undefined {
  const parts = diffLines(before, after, { timeout: PATIENCE });
  if (parts === undefined) return undefined;
  const rows: LineRow[] = [];
  let [older, newer] = [0, 0];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part === undefined) break;
    const next = parts[i + 1];
    const removed = part.removed ? linesOf(part.value) : [];
    const isPair = part.removed === true && next?.added === true;
    const added = part.added ? linesOf(part.value) : isPair ? linesOf(next.value) : [];
    const same = part.added || part.removed ? [] : linesOf(part.value);
    for (const text of same)
      rows.push({ kind: 'same', before: { number: ++older, text }, after: { number: ++newer, text } });
    for (let line = 0; line < Math.max(removed.length, added.length); line++) {
      const [was, is] = [removed[line], added[line]];
      const kind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
      rows.push({
        kind,
        ...(was === undefined ? {} : { before: { number: ++older, text: was } }),
        ...(is === undefined ? {} : { after: { number: ++newer, text: is } }),
      });
    }
    if (isPair) i++;
  }
  return rows;
}

/** Only what differs, with some lines around it. */
export function withContext(rows: readonly LineRow[]): (LineRow | LeftOut)[] {
  const isNear = new Uint8Array(rows.length);
  rows.forEach(({ kind }, i) => {
    if (kind !== 'same') isNear.fill(1, Math.max(0, i - CONTEXT), i + CONTEXT + 1);
  });
  const shown: (LineRow | LeftOut)[] = [];
  let count = 0;
  rows.forEach((row, i) => {
    if (isNear[i] === 0) count++;
    else {
      if (count > 0) shown.push({ kind: 'left-out', count });
      count = 0;
      shown.push(row);
    }
  });
  if (count > 0) shown.push({ kind: 'left-out', count });
  return shown;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
