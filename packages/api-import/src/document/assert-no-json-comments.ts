import { DocumentProblem } from './document-problem.js';

/**
 * Refuses what is JSON but for its comments: read as YAML, which JSON mostly is,
 * they would become part of the names behind them.
 *
 * @param text Text that `JSON.parse` has refused.
 */
export function assertNoJsonComments(text: string): void {
  if (!/^\s*(?:[{[]|\/\/|\/\*)/.test(text)) return;
  const comments = findComments(text);
  const [first] = comments;
  if (first === undefined || !isJson(without(text, comments))) return;
  const lines = text.slice(0, first.start).split('\n');
  const column = (lines.at(-1) ?? '').length + 1;
  throw new DocumentProblem(
    `${lines.length}:${column}`,
    'this is a comment, which JSON does not have',
    'Remove the comments, or convert the document to YAML, whose comments begin with "#".',
  );
}

interface Comment {
  readonly start: number;
  readonly end: number;
}

function findComments(text: string): Comment[] {
  const comments: Comment[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') i = endOfString(text, i);
    else if (text[i] === '/' && (text[i + 1] === '/' || text[i + 1] === '*')) {
      const closing = text[i + 1] === '/' ? '\n' : '*/';
      const found = text.indexOf(closing, i + 2);
      const end = found === -1 ? text.length : found + closing.length;
      comments.push({ start: i, end });
      i = end - 1;
    }
  }
  return comments;
}

/** The index of the quote that ends a string, or of the end of the text. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}

function without(text: string, comments: readonly Comment[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of comments) {
    parts.push(text.slice(from, start));
    from = end;
  }
  return [...parts, text.slice(from)].join(' ');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
