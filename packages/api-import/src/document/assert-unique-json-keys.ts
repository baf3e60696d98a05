import { DocumentProblem } from './document-problem.js';

/**
 * Refuses JSON in which an object names a property twice: `JSON.parse` takes
 * the last one, so half of the document would vanish without a word.
 *
 * @param text Text that `JSON.parse` has accepted.
 */
export function assertUniqueJsonKeys(text: string): void {
  const open: (Set<string> | null)[] = [];
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case '{':
        open.push(new Set());
        break;
      case '[':
        open.push(null);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const end = endOfString(text, i);
        const names = open[open.length - 1];
        if (names && isFollowedByColon(text, end)) addName(names, text, i, end);
        i = end - 1;
      }
    }
  }
}

/** Where the string that begins at `start` has ended. Not a regular expression: these exhaust the stack on long strings. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

function isFollowedByColon(text: string, end: number): boolean {
  let i = end;
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i++;
  return text[i] === ':';
}

function addName(names: Set<string>, text: string, start: number, end: number): void {
  const name: string = JSON.parse(text.slice(start, end));
  if (!names.has(name)) {
    names.add(name);
    return;
  }
  const before = text.slice(0, start).split('\n');
  const place = `${before.length}:${(before.at(-1) ?? '').length + 1}`;
  throw new DocumentProblem(
    place,
    `the property ${JSON.stringify(name)} appears twice in one object`,
    'Keep one of them.',
  );
}
