import type { StorageContract } from '@gati-framework/manifest-store';
import {
  CASE_TIMEOUT,
  type ConformanceTarget,
  conformanceCases,
  runCase,
} from '@gati-framework/storage-testkit';
import { expect, test } from 'vitest';
import { targetOver } from './broken/index.js';
import { ReferenceStorage } from './broken/reference-storage.js';

const CALL_TAKES = 50;
/** An iteration fetches many at a time. */
const STEP_TAKES = 5;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The same storage, far away: every answer takes its time. */
function faraway<S extends StorageContract>(storage: S): S {
  return new Proxy(storage, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (name === 'getStats') return member.bind(target);
      if (name === 'entries' || name === 'watch' || name === 'log') {
        return (...args: unknown[]) => slowly(member.apply(target, args));
      }
      return (...args: unknown[]) => late(member.apply(target, args), CALL_TAKES);
    },
  });
}

async function late<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  answer.catch(() => {}); // heard of later
  await pause(milliseconds);
  return answer;
}

function slowly<T>(iterator: AsyncIterableIterator<T>): AsyncIterableIterator<T> {
  const slow: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => slow,
    next: () => late(iterator.next(), STEP_TAKES),
    return: () => late(iterator.return?.() as Promise<IteratorResult<T>>, STEP_TAKES),
  };
  return slow;
}

test('a correct backend that takes 50 ms for a call passes every case', {
  timeout: CASE_TIMEOUT,
}, async () => {
  const target = targetOver((disk, options) => faraway(new ReferenceStorage(disk, options)));
  const failures: string[] = [];
  const run = async (testCase: (typeof conformanceCases)[number]): Promise<void> => {
    try {
      expect(await runCase(testCase, target satisfies ConformanceTarget)).toEqual({});
    } catch (error) {
      failures.push(`${testCase.group}: ${testCase.name}: ${(error as Error).message}`);
    }
  };
  await Promise.all(conformanceCases.map(run)); // they mostly wait
  expect(failures).toEqual([]);
});
