import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from './support/command.js';

/** The help of each command, as it is where there is no terminal. */
async function helpOfCommands(): Promise<Map<string, string>> {
  const { out } = await runCommand(['--help'], { columns: undefined });
  const names = [...out.matchAll(/^ {2}(?!help )([a-z-]+) [[<]/gm)].map(([, name = '']) => name);
  const texts = names.map(async (name) => {
    const help = await runCommand([name, '--help'], { columns: undefined });
    return [name, help.out] as const;
  });
  return new Map(await Promise.all(texts));
}

test('every command says in its help with which codes it exits, and shows an example of itself', async () => {
  const commands = await helpOfCommands();
  expect([...commands.keys()]).toEqual(expect.arrayContaining(['import', 'list', 'export']));
  for (const [name, text] of commands) {
    expect(text).toContain(`Usage: gati-storage ${name} `);
    expect(text).toMatch(
      /\nExit codes: 0 done, 1 refused or failed, 2 wrong usage,[^.]* 130\s+interrupted\.\n/,
    );
    expect(text).toMatch(new RegExp(`\nExamples?:\\n  gati-storage ${name} `));
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  }
});

test('every example of the help is a command line that can be read', async () => {
  for (const [name, text] of await helpOfCommands()) {
    const examples = [...text.matchAll(/^ {2}gati-storage ([^|<>\n]+)/gm)].map(([, line = '']) => line);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const words = [...example.matchAll(/'([^']*)'|(\S+)/g)].map(
        ([, quoted, plain]) => quoted ?? plain ?? '',
      );
      // Help is printed once everything before it could be read.
      expect([name, example, await runCommand([...words, '--help'])]).toMatchObject([
        name,
        example,
        { code: 0 },
      ]);
    }
  }
});

test('help fits a narrow terminal', async () => {
  const { out } = await runCommand(['export', '--help'], { columns: 72 });
  for (const line of out.split('\n').filter((text) => !text.startsWith('  gati-storage ')))
    expect(line.length).toBeLessThanOrEqual(72);
});

test('the page of the commands is what their help says', async () => {
  const page = await readFile(join(import.meta.dirname, '../docs/commands.md'), 'utf8');
  const sections = page.split(/^## /m).slice(1);
  const commands = await helpOfCommands();
  expect(sections.map((text) => text.split('\n')[0])).toEqual(
    Array.from(commands.keys(), (name) => `\`${name}\``),
  );
  for (const text of commands.values()) expect(page).toContain(`\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`);
});

test('the page on importing names every option of import', async () => {
  const page = await readFile(join(import.meta.dirname, '../../api-import/docs/import.md'), 'utf8');
  const { out } = await runCommand(['import', '--help']);
  const options = [...out.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name = '']) => name);
  expect(options).toContain('--dry-run');
  for (const option of options) expect(page).toMatch(new RegExp(`^\\| \`${option}\\b`, 'm'));
});
