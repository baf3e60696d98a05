import { describe, expect, test } from 'vitest';
import { cutTo, displayWidth } from '../src/text/display-width.js';
import { formatTable } from '../src/text/format-table.js';
import { wrapWords } from '../src/text/words.js';

/** Each takes four columns. */
const FOUR_COLUMNS = [
  'abcd',
  '漢字',
  'ab字',
  '🚀🚀',
  '👨‍👩‍👧‍👦🇯🇵',
  'e\u0301e\u0301e\u0301e\u0301',
  'ｱｲｳｴ',
  '한글',
];
const FAMILY = '👨‍👩‍👧‍👦';

describe('a table', () => {
  test('has its columns one below the other, whatever script its cells are of', () => {
    const rows = FOUR_COLUMNS.map((cell) => [cell, 'x']);
    expect(formatTable(['ID', 'X'], rows, {}).split('\n')).toEqual([
      'ID    X',
      ...FOUR_COLUMNS.map((cell) => `${cell}  x`),
    ]);
  });

  test.each(FOUR_COLUMNS)('leaves %s whole where there is just enough room', (cell) => {
    expect(formatTable([], [[cell, 'x']], { width: 7 })).toBe(`${cell}  x`);
  });

  test('cuts the widest cells between two characters, so that it fits a narrow terminal', () => {
    const rows = [
      ['id', '漢'.repeat(50), FAMILY.repeat(50)],
      ['long id', 'short', 'e\u0301'.repeat(50)],
    ];
    const lines = formatTable([], rows, { width: 30, indent: 2 }).split('\n');
    expect(lines).toEqual([
      `  id       漢漢漢…   ${FAMILY.repeat(3)}…`,
      `  long id  short     ${'e\u0301'.repeat(7)}…`,
    ]);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(30);
  });

  test('cuts nothing where no width is given', () => {
    const cell = '漢'.repeat(10_000);
    expect(formatTable([], [[cell, cell]], {})).toBe(`${cell}  ${cell}`);
  });

  test('shows characters that could forge it, and measures what it shows', () => {
    expect(
      formatTable(
        [],
        [
          ['\u001b[2K', 'x'],
          ['123456789', 'y'],
        ],
        {},
      ),
    ).toBe('\\u001b[2K  x\n123456789  y');
  });
});

describe('a text that is cut', () => {
  test.each([
    [5, '漢字漢字', '漢字…'],
    [4, '漢字漢字', '漢…'],
    [3, `${FAMILY}${FAMILY}`, `${FAMILY}…`],
    [2, `${FAMILY}${FAMILY}`, '…'],
    [3, 'e\u0301e\u0301e\u0301e\u0301', 'e\u0301e\u0301…'],
  ])('to %d columns ends at a whole character', (width, text, cut) => {
    expect(cutTo(width, text)).toBe(cut);
  });
});

test('words are wrapped by the columns that they take', () => {
  expect(wrapWords(['漢字漢字', '漢字', 'abcd', 'efgh'], 2, 15)).toBe('  漢字漢字 漢字\n  abcd efgh');
});
