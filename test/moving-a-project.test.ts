import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, onTestFinished, test } from 'vitest';
import { dropSchema } from '../packages/storage-postgres/test/support/schemas.js';
import { type CodeBlock, codeBlocksOf } from './support/code-blocks.js';
import { writeDocumentedFiles } from './support/documented-files.js';
import { temporaryFolder } from './support/temporary-folder.js';

const PAGE = 'packages/storage-cli/docs/moving.md';
const COMMAND = 'npx gati-storage ';
const SHOWN_SERVER = 'postgres://app@localhost/shop?schema=';
const BIN = fileURLToPath(new URL('../packages/storage-cli/dist/bin.js', import.meta.url));
const execute = promisify(execFile);

/** Blocks with commands, each with the output that the page shows below it, if it does. */
function steps(): {
  readonly commands: string[];
  readonly shown: string | undefined;
  readonly line: number;
}[] {
  const blocks = codeBlocksOf(PAGE).filter(({ language }) => language === 'sh' || language === 'text');
  return blocks.flatMap(({ language, code, line }, i) => {
    const commands = code.split('\n').filter((text) => text.startsWith(COMMAND));
    if (language !== 'sh' || commands.length === 0) return [];
    const next: CodeBlock | undefined = blocks[i + 1];
    return [{ commands, shown: next?.language === 'text' ? next.code : undefined, line }];
  });
}

/** What differs from one run to the next: records tell when they were made, and the log when they were committed. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/sha256 [0-9a-f]{64}/g, 'sha256 ...')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d/g, 'TIME');
}

test('the commands that move a project print what the page shows', { timeout: 300_000 }, async () => {
  const folder = temporaryFolder();
  expect(writeDocumentedFiles(PAGE, folder)).toEqual(['openapi.yaml', 'friday.json']);
  const prefix = `moving_${randomUUID().replaceAll('-', '_')}_`;
  for (const schema of ['gati', 'other'])
    onTestFinished(() => dropSchema(inject('postgresUrl'), `${prefix}${schema}`));
  const server = `${inject('postgresUrl')}?schema=${prefix}`;
  const run = async (command: string): Promise<string> => {
    const args = command.slice(COMMAND.length).replaceAll(SHOWN_SERVER, server);
    // As a shell reads them, and with what has failed told beside the rest.
    const line = `"$0" "$1" ${args}`;
    const { stdout, stderr } = await execute('sh', ['-c', line, process.execPath, BIN], {
      cwd: folder,
    }).catch((error: { stdout: string; stderr: string }) => error);
    return stdout + stderr;
  };
  const found = steps();
  expect(found.length).toBeGreaterThan(7);
  for (const { commands, shown, line } of found) {
    let printed = '';
    for (const command of commands) printed += await run(command);
    if (shown !== undefined) expect(withoutTimes(printed), `${PAGE}:${line}`).toBe(withoutTimes(shown));
    else expect(printed, `${PAGE}:${line}`).toContain('TARGET_NOT_EMPTY: The target holds 7 records already');
  }
});
