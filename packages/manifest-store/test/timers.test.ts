import { timers } from '@gati-framework/manifest-store/backend';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('fake timers do not reach the timers of a storage', async () => {
  const fakes = { toFake: ['setTimeout', 'setImmediate', 'setInterval', 'performance', 'Date'] } as const;
  vi.useFakeTimers({ toFake: [...fakes.toFake], now: 0 });
  await timers.nextTurn();
  const begun = timers.now();
  await timers.sleep(2);
  expect(timers.now()).toBeGreaterThan(begun);
  expect(timers.wallClock()).toBeGreaterThan(Date.now());
});

test('where there is no setImmediate, the next turn comes with a message', async () => {
  vi.stubGlobal('setImmediate', undefined);
  vi.resetModules();
  const browser = await import('../src/platform/timers.js');
  const order: string[] = [];
  const turn = browser.timers.nextTurn().then(() => order.push('turn'));
  await Promise.resolve().then(() => order.push('microtask'));
  await turn;
  expect(order).toEqual(['microtask', 'turn']);
});

test('where there are no messages either, it comes with a timer', async () => {
  vi.stubGlobal('setImmediate', undefined);
  vi.stubGlobal('MessageChannel', undefined);
  vi.resetModules();
  const bare = await import('../src/platform/timers.js');
  await bare.timers.nextTurn();
});

test('an environment without timers loads the package all the same', async () => {
  for (const name of [
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'setImmediate',
    'performance',
  ]) {
    vi.stubGlobal(name, undefined);
  }
  vi.resetModules();
  try {
    const { createInMemoryStorage } = await import('../src/index.js');
    const storage = createInMemoryStorage();
    await storage.storeGType({ ref: 'a', kind: 'object' });
    expect(await storage.getGType('a')).toEqual({ ref: 'a', kind: 'object' });
  } finally {
    vi.unstubAllGlobals();
  }
});
