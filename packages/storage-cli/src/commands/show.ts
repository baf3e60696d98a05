import type { Command } from 'commander';
import type { ShowCommandOptions } from '../actions/show.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';

export function addShow(program: Command, context: CommandContext): void {
  const command = program
    .command('show')
    .description('show a handler: its manifest, what changed in each version, and its types')
    .argument('<handlerId>', 'as in the list')
    .addOption(storeOption(context))
    .option('--version <version>', 'the version to show (default: the latest)')
    .option('--json', 'print it as JSON')
    .option('--verbose', 'print every difference and every type name')
    .action(async (handlerId: string, options: ShowCommandOptions) => {
      const { showCommand } = await import('../actions/show.js');
      await showCommand(context.terminal, handlerId, options);
    });
  addManual(command, {
    examples: ['show users.create', 'show users.create --version 1.0.0 --json'],
  });
}
