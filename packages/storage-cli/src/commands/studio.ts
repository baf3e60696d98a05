import { type Command, InvalidArgumentError } from 'commander';
import type { StudioCommandOptions } from '../actions/studio.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';

export function addStudio(program: Command, context: CommandContext): void {
  const command = program
    .command('studio')
    .description('show a store as a page in the browser, with what changed and what that breaks')
    .addOption(storeOption(context))
    .option('--compare <url>', 'another store to compare with, which is only read')
    .option('--write', 'let the page roll back, prune, delete and deploy; without this it only reads')
    .option('--port <number>', 'the port to serve it on (default: one that is free)', port)
    .option('--host <address>', 'the address of this machine to serve it on (default: 127.0.0.1)')
    .option('--no-open', 'print the address, and open no browser')
    .action(async (options: StudioCommandOptions) => {
      const { studioCommand } = await import('../actions/studio.js');
      await studioCommand(context.terminal, options);
    });
  addManual(command, {
    notes: [
      'The page is served until Ctrl-C, to browsers of this machine: it answers to no other name and address, and only ' +
        'to who has the token in the address that is printed. Whoever has that address sees the store. A browser is opened where there is a screen and standard ' +
        'output is a terminal.',
      'From another machine, forward the port: ssh -t -L 8080:127.0.0.1:8080 HOST gati-storage studio --port 8080, and open the address ' +
        'that it prints. With -t, Ctrl-C ends the studio there.',
      'Commits of others appear as they are made, in stores that processes share: sqlite:, postgres: and etcd:. All that --write allows is ' +
        'shown before it is done, and is not done if somebody has committed anything since.',
    ],
    examples: [
      'studio --store sqlite:./gati.db',
      'studio --compare postgres://app@db/shop?schema=gati --port 8080 --no-open',
    ],
  });
}

const MAX_PORT = 65_535;

function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= MAX_PORT) return number;
  throw new InvalidArgumentError('It must be a port, such as 8080.');
}
