import type { Command } from 'commander';
import type { RollbackCommandOptions } from '../actions/rollback.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';
import { revision } from './revision.js';

export function addRollback(program: Command, context: CommandContext): void {
  const command = program
    .command('rollback')
    .description('bring a store back to what it was, by one more commit')
    .addOption(storeOption(context))
    .requiredOption('--to <revision>', 'as it was right after this commit', revision)
    .option('--note <text>', 'why, for the history: it stands behind "rollback to 41: "')
    .option('--expect-revision <number>', 'do nothing if the store has another revision by then', revision)
    .option('--yes', 'do it; without this it is only said what would change')
    .option('--json', 'print what changes as JSON')
    .action(async (options: RollbackCommandOptions) => {
      const { rollbackCommand } = await import('../actions/rollback.js');
      await rollbackCommand(context.terminal, options);
    });
  addManual(command, {
    notes: [
      'All records become what they were, in the order in which they were; + comes back, - goes, ~ becomes what it was. Nothing of the ' +
        'past is lost, so a rollback can be taken back, too.',
      'It is one commit, which does nothing if somebody has committed since the store was read, and says who. With --expect-revision ' +
        'that holds since an earlier look at it, too.',
      'Where records were deleted, those of the same kind that stood behind them are stored again, as they were, so that the order is ' +
        'the old one. The store is read while it is written to: memory does not grow with it.',
    ],
    examples: ['rollback --to 41', "rollback --to 41 --expect-revision 43 --note 'prices were wrong' --yes"],
  });
}
