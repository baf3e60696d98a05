import type { Command } from 'commander';
import type { FillOptions } from '../actions/copy.js';
import type { CommandContext } from './command-context.js';
import { addFillOptions } from './fill-options.js';
import { addManual } from './manual.js';

export function addCopy(program: Command, context: CommandContext): void {
  const command = program
    .command('copy')
    .description('store every record of a store in another one, of any backend')
    .argument('<from>', 'the URL of the store that is copied')
    .argument('<to>', 'the URL of the store that is filled; made if it is not there');
  addFillOptions(command).action(async (from: string, to: string, options: FillOptions) => {
    const { copyCommand } = await import('../actions/copy.js');
    await copyCommand(context.terminal, [from, to], options);
  });
  addManual(command, {
    notes: [
      'The source is read as of one moment, whoever writes to it meanwhile. All of it is one commit of the target: it is there ' +
        'whole or not at all, also after Ctrl-C, a crash or a full disk, and nothing is stored if somebody commits to the target ' +
        'meanwhile and the target can tell. Then it is read back and compared. A copy that is made again says that nothing is to be done.',
      'A target that holds anything else is refused, unless --replace or --merge is given. The history of the source stays behind. ' +
        'How far it has come is told on standard error, unless --json is given.',
    ],
    examples: [
      'copy sqljs:./gati.db postgres://app@db/shop?schema=gati',
      "copy sqlite:./gati.db sqlite:./staging.db --replace --note 'as in production'",
    ],
  });
}
