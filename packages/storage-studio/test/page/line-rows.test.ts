import { expect, test } from 'vitest';
import { lineRows, withContext } from '../../src/page/diff/line-rows.js';

test('a line that changed stands beside what it was', () => {
  expect(lineRows('a\nb\nc\n', 'a\nB\nc\nd\n')).toEqual([
    { kind: 'same', before: { number: 1, text: 'a' }, after: { number: 1, text: 'a' } },
    { kind: 'changed', before: { number: 2, text: 'b' }, after: { number: 2, text: 'B' } },
    { kind: 'same', before: { number: 3, text: 'c' }, after: { number: 3, text: 'c' } },
    { kind: 'added', after: { number: 4, text: 'd' } },
  ]);
});

test('of what is the same, only the lines around a difference are shown', () => {
  const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
  const after = lines.with(15, 'another');
  const shown = withContext(lineRows(lines.join('\n'), after.join('\n')) ?? []);
  expect(shown.map(({ kind }) => kind)).toEqual([
    'left-out',
    'same',
    'same',
    'same',
    'changed',
    'same',
    'same',
    'same',
    'left-out',
  ]);
  expect(shown[0]).toEqual({ kind: 'left-out', count: 12 });
});
