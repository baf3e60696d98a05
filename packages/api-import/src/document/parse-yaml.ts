import {
  Composer,
  type Document,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { MAX_DOCUMENT_DEPTH } from './assert-plain-document.js';
import { DocumentProblem } from './document-problem.js';

/** How many anchors and aliases a document may have, and how often aliases may be resolved. */
const MAX_ALIASES = 10_000;
/** Composing takes about 10 microseconds and 500 bytes for each. */
const MAX_TOKENS = 3_000_000;

/** YAML text as plain data. */
export function parseYaml(text: string): unknown {
  const lines = new LineCounter();
  const document = compose(text, lines);
  const error = document.errors[0];
  if (error !== undefined) {
    const [summary = ''] = error.message.split('\n');
    assertQuotedTextIsIndented(text, error, lines);
    throw new DocumentProblem(placeOf(lines, error.pos[0]), trimSummary(summary), SYNTAX_REMEDY, error);
  }
  assertKnownTags(document, lines);
  assertConvertible(document, lines);
  return toPlainData(document);
}

const SYNTAX_REMEDY = 'Correct the syntax; if the end of the file is missing, get the whole file.';

/** The parser ends a quoted text at a line that is not indented, and misses the quote; it is the line that is wrong. */
function assertQuotedTextIsIndented(text: string, error: YAMLError, lines: LineCounter): void {
  const [quote] = /['"](?=quote)/.exec(error.message) ?? [];
  if (error.code !== 'MISSING_CHAR' || quote === undefined) return;
  const rest = text.slice(error.pos[0]);
  const next = /^\s*\n(?=[^\n]*\S)/.exec(rest);
  if (next === null || !rest.includes(quote)) return;
  throw new DocumentProblem(
    placeOf(lines, error.pos[0] + next[0].length),
    'the quoted text that began above goes on here, in a line that is not indented far enough',
    'Indent the line more than the name of the property, or close the quote above.',
    error,
  );
}

/** What follows an unknown tag would be taken for ordinary text: the name of a file, say. */
function assertKnownTags(document: Document.Parsed, lines: LineCounter): void {
  const [warning] = document.warnings;
  if (warning === undefined) return;
  const [summary = ''] = warning.message.split('\n');
  throw new DocumentProblem(
    placeOf(lines, warning.pos[0]),
    trimSummary(summary),
    'YAML itself cannot include other files: bundle them into one first, or remove the tag.',
    warning,
  );
}

function compose(text: string, lines: LineCounter): Document.Parsed {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  // Unique keys are checked below in linear time; the parser's own check is quadratic.
  const composer = new Composer({ version: '1.2', schema: 'core', merge: true, uniqueKeys: false });
  const documents = [...composer.compose(tokens(parser, text, lines), true, text.length)];
  const [document, second] = documents;
  if (document === undefined || second !== undefined) {
    throw new DocumentProblem('', 'the file holds several YAML documents', 'Give a file with one document.');
  }
  return document as Document.Parsed;
}

/**
 * The parser's tokens, as long as they are neither too many nor nested too
 * deeply. Composing is recursive, and exhausting the stack inside a regular
 * expression ends the whole process, so the depth is checked before anything is composed.
 */
function* tokens(parser: Parser, text: string, lines: LineCounter): ReturnType<Parser['next']> {
  let count = 0;
  let aliases = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    count += 1;
    if (lexeme[0] === '&' || lexeme[0] === '*') aliases += 1;
    const problem = excess(parser.stack.length, count, aliases);
    if (problem !== undefined) {
      throw new DocumentProblem(placeOf(lines, parser.offset), problem.problem, problem.remedy);
    }
  }
  yield* parser.end();
}

function excess(
  depth: number,
  count: number,
  aliases: number,
): { problem: string; remedy: string } | undefined {
  if (depth > MAX_DOCUMENT_DEPTH) {
    return {
      problem: `the document is nested more than ${MAX_DOCUMENT_DEPTH} levels deep`,
      remedy: 'Give inner schemas a name under components.schemas.',
    };
  }
  if (count > MAX_TOKENS) {
    return {
      problem: 'the document is too large for YAML',
      remedy: 'Convert it to JSON, which takes less to read.',
    };
  }
  if (aliases > MAX_ALIASES) {
    return {
      problem: `the document has more than ${MAX_ALIASES} anchors and aliases`,
      remedy: 'Put the repeated parts under components and use $ref.',
    };
  }
  return undefined;
}

/** Checks what conversion to plain data would pass over without a word. */
function assertConvertible(document: Document.Parsed, lines: LineCounter): void {
  const anchors = new Set<string>();
  const addAnchor = (_: unknown, node: { anchor?: string }): void => {
    if (node.anchor !== undefined) anchors.add(node.anchor);
  };
  visit(document, {
    Scalar: addAnchor,
    Seq: addAnchor,
    Map(_, map) {
      addAnchor(_, map);
      assertUniqueNames(map, lines);
    },
    Alias(_, alias) {
      if (anchors.has(alias.source)) return;
      const problem = `there is no anchor "${alias.source}" above this alias`;
      throw new DocumentProblem(placeOfNode(lines, alias), problem, 'Correct it.');
    },
  });
}

function assertUniqueNames(map: YAMLMap, lines: LineCounter): void {
  const names = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key)) {
      throw new DocumentProblem(placeOfNode(lines, key), 'a property name must be text', 'Correct it.');
    }
    if (key.value === null) {
      throw new DocumentProblem(
        placeOfNode(lines, key),
        'the name of a property is null, which is no text',
        'Put it in quotes.',
      );
    }
    // Numbers become text as names, so 200 and "200" are the same name.
    const name = String(key.value);
    if (names.has(name) && name !== '<<') {
      throw new DocumentProblem(
        placeOfNode(lines, key),
        `the property ${JSON.stringify(name)} appears twice in one object`,
        'Keep one of them.',
      );
    }
    names.add(name);
  }
}

function placeOfNode(lines: LineCounter, node: unknown): string {
  return placeOf(lines, (node as { range?: readonly number[] } | null)?.range?.[0] ?? 0);
}

function toPlainData(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new DocumentProblem(
      '',
      'its aliases expand without bound',
      'Write the repeated parts out, or put them under components and use $ref.',
      error,
    );
  }
}

function placeOf(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
}

function trimSummary(summary: string): string {
  return summary.replace(/ at line \d+, column \d+:?$/, '').replace(/\.$/, '');
}
