import { expect, test } from 'vitest';
import { translateError } from '../src/translate-error.js';

test.each(['Invalid string length', 'allocation size overflow'])(
  'a commit that no text can hold says that nothing was stored, and what to do: %s',
  (message) => {
    const cause = new RangeError(message);
    expect(translateError(cause, 'gati.db')).toMatchObject({
      code: 'STORAGE_FULL',
      message: expect.stringMatching(/gati\.db.*nothing of it was stored.*Split it/),
      cause,
    });
  },
);
