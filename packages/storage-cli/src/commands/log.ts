import { type Command, InvalidArgumentError } from 'commander';
import type { LogCommandOptions } from '../actions/log.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';
import { revision } from './revision.js';

export function addLog(program: Command, context: CommandContext): void {
  const command = program
    .command('log')
    .description('tell which commits were made, when, why, and what each of them stored and deleted')
    .argument('[handlerId]', 'only those that touched records of this handler')
    .addOption(storeOption(context))
    .option('-n, --limit <count>', 'at most so many', count)
    .option('--after <revision>', 'only those after this one', revision)
    .option('--before <revision>', 'only those before this one', revision)
    .option('--reverse', 'oldest first; without this the newest come first')
    .option('--json', 'print them as JSON, one a line')
    .action(async (handlerId: string | undefined, options: LogCommandOptions) => {
      const { logCommand } = await import('../actions/log.js');
      await logCommand(context.terminal, handlerId, options);
    });
  addManual(command, {
    notes: [
      'A commit is told with its revision, its time by the clock of the process that made it, its note, and the records that it stored or ' +
        'deleted, by kind. Commits are told for as long as the store keeps its past: stats says how far it reaches.',
      'A line of JSON has the time as ISO 8601 and at most 1,000 changes; changeCount is how many there were.',
    ],
    examples: [
      'log -n 10',
      'log users.create --store sqlite:./gati.db',
      'log --after 41 --reverse --json | jq -r .note',
    ],
  });
}

function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number of commits, such as 10.');
}
