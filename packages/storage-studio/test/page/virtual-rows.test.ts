import { expect, test } from 'vitest';
import { rowAfterKey, rowWindow } from '../../src/page/lists/virtual-rows.js';

test('what is drawn of a long list does not grow with it', () => {
  const drawn = ({ from, to }: { from: number; to: number }): number => to - from;
  expect(drawn(rowWindow(200_000, 200_800, 40, 10_000))).toBe(
    drawn(rowWindow(200_000, 200_800, 40, 1_000_000)),
  );
  expect(drawn(rowWindow(200_000, 200_800, 40, 10_000))).toBeLessThan(60);
});

test('no row before the first or behind the last is drawn', () => {
  expect(rowWindow(-300, 500, 40, 5)).toEqual({ from: 0, to: 5 });
  expect(rowWindow(100_000, 100_800, 40, 5)).toEqual({ from: 5, to: 5 });
  expect(rowWindow(0, 800, 40, 0)).toEqual({ from: 0, to: 0 });
});

test('keys lead no further than the ends of the list', () => {
  expect(rowAfterKey('ArrowDown', 8, 10, 5)).toBe(9);
  expect(rowAfterKey('PageDown', 8, 10, 5)).toBe(9);
  expect(rowAfterKey('PageUp', 3, 10, 5)).toBe(0);
  expect(rowAfterKey('End', 0, 10, 5)).toBe(9);
  expect(rowAfterKey('Home', 9, 10, 5)).toBe(0);
  expect(rowAfterKey('x', 3, 10, 5)).toBeUndefined();
});
