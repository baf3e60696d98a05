import { expect, test } from 'vitest';
import { tellOfWaiting } from '../src/tell-of-waiting.js';

test('who waits for a store is told so on a terminal, and nowhere else', async () => {
  const patience = { timeout: 5_000, quiet: false };
  const told: string[] = [];
  const answer = await new Promise((resolve) => {
    const err = (text: string): void => {
      told.push(text);
      resolve('told');
    };
    void tellOfWaiting({ errorColumns: 80, err }, patience, () => new Promise(() => {}));
  });
  expect([answer, told]).toEqual(['told', [expect.stringMatching(/has not answered yet.* 5 s at most/)]]);
  const err = (text: string): never => expect.fail(text);
  expect(await tellOfWaiting({ errorColumns: undefined, err }, patience, async () => 'at once')).toBe(
    'at once',
  );
});
