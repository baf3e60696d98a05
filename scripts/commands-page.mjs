// `npm run api`: packages/storage-cli/docs/commands.md, made of the help of the command that was built.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { root } from './setup.mjs';

const BIN = `${root}packages/storage-cli/dist/bin.js`;

writeFileSync(`${root}packages/storage-cli/docs/commands.md`, commandsPage());

function commandsPage() {
  const all = help();
  const names = [...all.matchAll(/^ {2}(?!help )([a-z-]+) [[<]/gm)].map(([, name]) => name);
  const sections = names.map((name) => `## \`${name}\`\n\n${block(help(name))}`);
  return [
    '# The commands of `gati-storage`',
    'What `--help` prints. Made by `npm run api`.',
    block(all),
    ...sections,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function block(text) {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``;
}

/** Without a terminal lines are 100 columns long. */
function help(...command) {
  const env = { PATH: process.env.PATH };
  return execFileSync(process.execPath, [BIN, ...command, '--help'], { encoding: 'utf8', env });
}
