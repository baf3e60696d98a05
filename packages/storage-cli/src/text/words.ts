import { displayWidth } from './display-width.js';

/** Columns that are filled where there is no terminal. */
const PAGE = 100;

/** Words on lines of at most `width` columns, each line after `indent` spaces; a longer word has a line of its own. */
export function wrapWords(
  words: readonly string[],
  indent: number,
  width: number | undefined = PAGE,
): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && indent + displayWidth(line) + 1 + displayWidth(word) > width) {
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
