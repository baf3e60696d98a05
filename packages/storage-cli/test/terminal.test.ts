import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { openStorage } from '@gati-framework/storage-tools';
import { expect, test } from 'vitest';
import { manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { columnsOf } from '../src/terminal.js';
import { print } from '../src/text/print.js';
import { BIN } from './support/command.js';

test.each([
  [{ isTTY: true, columns: 132 }, {}, 132],
  [{ isTTY: true, columns: 132 }, { COLUMNS: '60' }, 60],
  [{ isTTY: true, columns: 132 }, { COLUMNS: '' }, 132],
  [{ isTTY: true, columns: 132 }, { COLUMNS: '0' }, 132],
  [{ isTTY: true, columns: 132 }, { COLUMNS: 'wide' }, 132],
  [{ isTTY: true }, {}, undefined],
  [{ columns: 132 }, { COLUMNS: '60' }, undefined],
  [{}, {}, undefined],
])('%j with %j is %s columns wide', (stream, env, columns) => {
  expect(columnsOf(stream, env)).toBe(columns);
});

test('into a pipe nothing is cut or coloured, whatever the environment says of the terminal', async () => {
  const store = `sqlite:${join(temporaryFolder(), 'gati.db')}`;
  const name = 'a.handler.with.a.long.name.'.repeat(8);
  {
    await using storage = await openStorage(store);
    await storage.storeManifest(manifest(name, '1.0.0'));
  }
  const list = (env: Record<string, string>): string =>
    execFileSync(process.execPath, [BIN, 'list', '--store', store], { encoding: 'utf8', env });
  const plain = list({ PATH: process.env.PATH ?? '' });
  expect(plain).toContain(`${name}  GET     /x    1.0.0\n`);
  expect(
    list({ PATH: process.env.PATH ?? '', COLUMNS: '40', FORCE_COLOR: '3', TERM: 'xterm-256color' }),
  ).toBe(plain);
});

test('what ends a command is heard between lines, also where a terminal takes each at once', async () => {
  let isHeard = false;
  setImmediate(() => {
    isHeard = true;
  });
  for (const end = performance.now() + 10_000; !isHeard && performance.now() < end; )
    await print({ write: async () => {} }, 'a line');
  expect(isHeard).toBe(true);
});
