import type { Command } from 'commander';
import type { ListCommandOptions } from '../actions/list.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';

export function addList(program: Command, context: CommandContext): void {
  const command = program
    .command('list')
    .description('list the handlers of a store with their versions')
    .addOption(storeOption(context))
    .option('--json', 'print them as JSON')
    .action(async (options: ListCommandOptions) => {
      const { listCommand } = await import('../actions/list.js');
      await listCommand(context.terminal, options);
    });
  addManual(command, {
    notes: ['Breaking versions are marked with !. The counts below the list are of the whole store.'],
    examples: ['list --store sqlite:./gati.db', "list --json | jq -r '.handlers[].handlerId'"],
  });
}
