import Table from 'cli-table3';

/** What a command needs of its surroundings. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly columns: number;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  out(text: string): void;
  err(text: string): void;
}

/** Characters that move the cursor, change colours or reverse the reading direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text of a document or a store as it can safely be shown: it cannot forge or hide output. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Rows without borders, as wide as they need to be; too wide cells are cut so that the table fits `width`. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  options: { readonly width: number; readonly indent?: number },
): string {
  const indent = options.indent ?? 0;
  const cells = rows.map((row) => row.map(printable));
  const all = head.length > 0 ? [head, ...cells] : cells;
  const widths = fit(columnWidths(all), options.width - indent);
  const table = new Table({
    chars: BORDERLESS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    colWidths: widths.map((width) => width + GAP),
    wordWrap: false,
  });
  for (const row of all) table.push([...row]);
  const margin = ' '.repeat(indent);
  return table
    .toString()
    .split('\n')
    .map((line) => `${margin}${line}`.trimEnd())
    .join('\n');
}

const GAP = 2;

const BORDERLESS: Readonly<Record<string, string>> = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'middle'].flatMap((side) => [
    [side, ''],
    [`${side}-mid`, ''],
    [`${side}-left`, ''],
    [`${side}-right`, ''],
    ['mid-mid', ''],
    ['left-mid', ''],
    ['right-mid', ''],
  ]),
);

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  }
  return widths;
}

/** Takes from the widest column until all fit. */
function fit(widths: number[], available: number): number[] {
  const fitted = [...widths];
  const total = (): number => fitted.reduce((sum, width) => sum + width + GAP, 0);
  while (total() > available) {
    const widest = Math.max(...fitted);
    if (widest <= 8) break;
    fitted[fitted.indexOf(widest)] = widest - 1;
  }
  return fitted;
}

/** Words on lines of at most `width` characters, each after `indent` spaces. */
export function wrapWords(words: readonly string[], width: number, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.map((text) => ' '.repeat(indent) + text).join('\n');
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
