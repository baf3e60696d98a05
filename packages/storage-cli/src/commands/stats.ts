import type { Command } from 'commander';
import type { StatsCommandOptions } from '../actions/stats.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';

export function addStats(program: Command, context: CommandContext): void {
  const command = program
    .command('stats')
    .description(
      'count the records of each kind, and say how far the history reaches and what the store takes',
    )
    .addOption(storeOption(context))
    .option('--json', 'print them as JSON')
    .action(async (options: StatsCommandOptions) => {
      const { statsCommand } = await import('../actions/stats.js');
      await statsCommand(context.terminal, options);
    });
  addManual(command, {
    notes: [
      'The revision is the number of commits that were ever made; the oldest revision is the first that can still be looked at. ' +
        'Feed, connections and last error are of this command alone; a process that serves tells its own, by stats() of its storage.',
    ],
    examples: ['stats --store sqlite:./gati.db', 'stats --json | jq .revision'],
  });
}
