import type { StorageLogger } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';
import { commonRules, lineLogger, TroubleLog } from '@gati-framework/storage-kit';
import { expect, test, vi } from 'vitest';

function recorder() {
  const warn = vi.fn<(fields: object, message: string) => void>();
  return { logger: { info: vi.fn(), warn, error: vi.fn() }, warn };
}

test('one cause is told of once a second, with how often it came meanwhile, and others beside it', async () => {
  const { logger, warn } = recorder();
  const log = new TroubleLog(logger, { storage: 'made' });
  log.warn('the feed is interrupted', ': first', { reason: 'first' });
  log.warn('the feed is interrupted', ': second');
  log.warn('a connection was lost');
  log.warn('the feed is interrupted', ': third');
  expect(warn.mock.calls).toEqual([
    [
      { storage: 'made', cause: 'the feed is interrupted', reason: 'first' },
      'the feed is interrupted: first',
    ],
    [{ storage: 'made', cause: 'a connection was lost' }, 'a connection was lost'],
  ]);
  await timers.sleep(1_050);
  log.warn('the feed is interrupted', ': fourth');
  expect(warn).toHaveBeenLastCalledWith(
    { storage: 'made', cause: 'the feed is interrupted', leftOut: 2 },
    'the feed is interrupted: fourth (2 more since the last line)',
  );
});

test('a logger that fails is nothing to the storage', () => {
  const fails = (): never => {
    throw new Error('disk full');
  };
  expect(() => new TroubleLog({ info: fails, warn: fails, error: fails }).warn('anything')).not.toThrow();
});

test('a logger is what has the methods of one, such as console, and anything else is refused', () => {
  const { log } = commonRules('made');
  const logger: StorageLogger = console;
  expect(log(logger, 'options.log')).toBe(console);
  for (const value of [{}, 5, null, () => {}, { warn() {} }]) {
    expect(() => log(value, 'options.log')).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTIONS', path: 'options.log' }),
    );
  }
});

test('without a logger there is a line for each message, which says whose it is', () => {
  const lines: string[] = [];
  lineLogger((line) => lines.push(line), 'made').warn({ at: 5 }, 'trouble');
  expect(lines).toEqual(['made: trouble']);
});
