import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { codeBlocksOf } from '../../../test/support/code-blocks.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { BIN } from './support/command.js';

const execute = promisify(execFile);

/** The words of a command line, without the quotes that keep some of them together. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** A time is another one whenever the page is read, and each SQLite has sizes of its own. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d/g, 'TIME')
    .replaceAll(/\d+(\.\d)? KiB/g, 'SIZE');
}

test.each([
  ['taking back', 'taking-back.md', 7],
  ['backups', 'backups.md', 3],
])('the commands of the page on %s print what it says', async (_, page, outputs) => {
  const folder = temporaryFolder();
  const run = async (line: string): Promise<string> => {
    const [npx, name, ...args] = wordsOf(line);
    if (npx === 'cp') return (await execute('cp', [String(name), ...args], { cwd: folder })).stdout;
    expect([npx, name]).toEqual(['npx', 'gati-storage']);
    const env = { ...process.env, GATI_STORAGE: 'sqlite:./gati.db' };
    const options = { cwd: folder, env };
    const found = await execute(process.execPath, [BIN, ...args], options).then(
      (done) => ({ ...done, code: 0 }),
      (error) => error,
    );
    const differ = args[0] === 'diff' && found.stdout !== 'No differences\n';
    expect([line, found.code, found.stderr]).toEqual([line, differ ? 3 : 0, '']);
    return found.stdout;
  };
  let printed = '';
  let checked = 0;
  for (const { language, name, code } of codeBlocksOf(`packages/storage-cli/docs/${page}`)) {
    if (name !== undefined) await writeFile(join(folder, name), code);
    if (language === 'sh') {
      printed = '';
      for (const line of code.trimEnd().split('\n')) printed += await run(line);
    }
    if (language !== 'text') continue;
    expect(withoutTimes(printed)).toBe(withoutTimes(code));
    checked += 1;
  }
  expect(checked).toBe(outputs);
});
