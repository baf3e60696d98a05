import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { runCommand } from './support/command.js';

/** How each shell is started without any set-up of the machine, and what stands for the command in it: it prints its arguments. */
const SHELLS = {
  bash: {
    command: 'bash --norc --noprofile -i',
    setUp: `gati-storage() { printf '<<%s>>\\n' "$*"; }\nsource ./completion\n`,
  },
  zsh: {
    command: 'zsh -f -i',
    setUp: `autoload -Uz compinit && compinit -u -D\ngati-storage() { print -r -- "<<$*>>" }\nsource ./completion\n`,
  },
  fish: {
    command: 'fish --no-config -i',
    setUp: `function gati-storage; echo "<<$argv>>"; end\nsource ./completion\n`,
  },
} as const;

type Shell = keyof typeof SHELLS;

/** `script` of util-linux lends a terminal. */
function has(...programs: string[]): boolean {
  if (process.platform !== 'linux') return false;
  try {
    for (const program of programs) execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The arguments that the command gets when a line is typed, the key Tab is struck, and then Return. */
async function typed(shell: Shell, line: string): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'completion'), (await runCommand(['completion', shell])).out);
  writeFileSync(join(folder, 'set-up'), `${SHELLS[shell].setUp}echo rea''dy\n`);
  for (const name of ['openapi.yaml', 'gati.db']) writeFileSync(join(folder, name), '');
  const child = spawn('script', ['-qfec', SHELLS[shell].command, '/dev/null'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      HISTFILE: '/dev/null',
      TERM: 'xterm',
      COLUMNS: '300',
      LINES: '50',
      PS1: '$ ',
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let shown = '';
  let isTyped = false;
  child.stdin.write('source ./set-up\n');
  return await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${shell} has ended: ${shown}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (!isTyped && shown.includes('ready')) {
        isTyped = true;
        child.stdin.write(`${line}\t\n`);
      }
      const found = /<<(.*?)>>/.exec(shown);
      if (found !== null) resolve((found[1] ?? '').trimEnd());
    });
  });
}

for (const shell of ['bash', 'zsh', 'fish'] as const) {
  describe.runIf(has('script', shell))(`completion in ${shell}`, () => {
    test.each([
      ['gati-storage sta', 'stats'],
      ['gati-storage postgres-schema --read', 'postgres-schema --read-only-role'],
      ['gati-storage list --status dec', 'list --status decommissioned'],
      ['gati-storage list --status=dec', 'list --status=decommissioned'],
      ['gati-storage stats --store mem', 'stats --store memory:'],
      ['gati-storage stats --store sqlite:./ga', 'stats --store sqlite:./gati.db'],
      ['gati-storage stats --store=sqljs:ga', 'stats --store=sqljs:gati.db'],
      ['gati-storage completion f', 'completion fish'],
      [
        'gati-storage delete --store sqlite:./gati.db --json vers',
        'delete --store sqlite:./gati.db --json version',
      ],
      ['gati-storage import open', 'import openapi.yaml'],
      ['gati-storage graph orders --output open', 'graph orders --output openapi.yaml'],
      ['gati-storage help mig', 'help migrate'],
    ])('%s, and Tab, is %s', async (line, args) => {
      expect(await typed(shell, line)).toBe(args);
    });
  });
}

test.each(['bash', 'zsh', 'fish'])(
  'the script for %s names every command and every option',
  async (shell) => {
    const { code, out } = await runCommand(['completion', shell]);
    expect(code).toBe(0);
    const help = await runCommand(['--help'], { columns: undefined });
    const names = [...help.out.matchAll(/^ {2}(?!help )([a-z-]+) [[<]/gm)].map(([, name = '']) => name);
    expect(names).toContain('completion');
    for (const name of names) {
      expect(out).toContain(name);
      const { out: text } = await runCommand([name, '--help'], { columns: undefined });
      const options = [...text.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, option = '']) => option);
      for (const option of options) expect(out).toMatch(new RegExp(`(--|-l )${option}\\b`));
    }
  },
);

test.each(['bash', 'zsh', 'fish'])('the script for %s is one that it can read', async (shell) => {
  if (!has(shell)) return;
  const file = join(temporaryFolder(), 'completion');
  writeFileSync(file, (await runCommand(['completion', shell])).out);
  execFileSync(shell, ['-n', file]);
});

test('of a shell that there is no script for, it names those that there are', async () => {
  expect(await runCommand(['completion', 'tcsh'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('Allowed choices are bash, zsh, fish.'),
  });
});
