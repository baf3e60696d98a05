import { expect, test } from 'vitest';
import { assertRunsHere } from '../src/load-driver.js';

test('a driver that would crash this Node.js is not loaded', () => {
  expect(() => assertRunsHere('13.2.0', '20.20.2')).toThrowError(
    expect.objectContaining({
      code: 'STORAGE_DRIVER_MISSING',
      message: expect.stringContaining('better-sqlite3@12'),
    }),
  );
  expect(() => assertRunsHere('13.2.0', '22.12.0')).not.toThrow();
  expect(() => assertRunsHere('12.11.1', '20.19.0')).not.toThrow();
});
