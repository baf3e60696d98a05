import { type Command, InvalidArgumentError } from 'commander';
import type { PruneCommandOptions } from '../actions/prune.js';
import { asUsage, UsageError } from '../usage-error.js';
import { type CommandContext, storeOption } from './command-context.js';
import { duration } from './duration.js';
import { addManual } from './manual.js';

interface Options extends Omit<PruneCommandOptions, 'protect'> {
  readonly protect?: readonly string[];
}

export function addPrune(program: Command, context: CommandContext): void {
  const command = program
    .command('prune')
    .description('delete decommissioned versions that are old')
    .addOption(storeOption(context))
    .option('--older-than <age>', 'those made longer ago than this: 90d, 12w, 36h', duration)
    .option('--keep <count>', 'those that are not among the newest so many of their handler', count)
    .option(
      '--protect <version...>',
      'but none of this name: 1.0.0, or users.get@1.0.0; * stands for anything',
    )
    .option('--force', 'also those that others were made from, or that a transformer reaches')
    .option('--note <text>', 'why, for the history of stores that keep it')
    .option('--yes', 'delete them; without this it is only said which would go')
    .option('--json', 'print them as JSON')
    .action(async ({ protect = [], ...options }: Options) => {
      if (options.olderThan === undefined && options.keep === undefined)
        throw new UsageError('Say which versions may go: --older-than, --keep, or both.', {
          path: 'olderThan',
        });
      const { protectionOf } = await import('@gati-framework/storage-tools/prune');
      const { pruneCommand } = await import('../actions/prune.js');
      await pruneCommand(context.terminal, {
        ...options,
        protect: await asUsage(() => protectionOf(protect)),
      });
    });
  addManual(command, {
    notes: [
      'Of the versions that Timescape has decommissioned, those go that --older-than or --keep gives up. The current and the ' +
        'latest version of a handler stay in any case; one that is active in its version graph, that others were made from, or that a ' +
        'transformer reaches stays unless --force is given. Timescape metadata and transformers go along.',
      'All of it is one commit, which does nothing if somebody has changed one of the handlers since they were read, or, ' +
        'in a store that keeps its past, anything at all.',
    ],
    examples: [
      'prune --older-than 90d --keep 10',
      "prune --keep 3 --protect '*-lts' --protect 'billing.*@2.*' --yes",
    ],
  });
}

function count(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number of versions, such as 10.');
}
