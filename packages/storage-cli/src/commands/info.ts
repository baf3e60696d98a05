import type { Command } from 'commander';
import type { InfoCommandOptions } from '../actions/info.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';
import { timeoutOption } from './timeout-option.js';

export function addInfo(program: Command, context: CommandContext): void {
  const command = program
    .command('info')
    .description('say what a store is: its backend, place, versions, size, revision, and what it can do')
    .addOption(storeOption(context))
    .addOption(timeoutOption(10))
    .option('--json', 'print it as JSON')
    .action(async (options: InfoCommandOptions) => {
      const { infoCommand } = await import('../actions/info.js');
      await infoCommand(context.terminal, options);
    });
  addManual(command, {
    notes: [
      'The size is that of the records, indexes and free space, as stats tells it; of a file, what it takes on disk is told beside it, ' +
        'together with the logs next to it, and with what SQLite leaves there after reading (-shm).',
      'Nothing is changed, also where there is no store yet, or one of an older schema. Nothing secret of the URL is printed, ' +
        'so that it can go into a report of a fault.',
    ],
    examples: ['info --store sqlite:./gati.db', 'info --json | jq .schemaVersion'],
  });
}
