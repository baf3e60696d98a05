import type { Command } from 'commander';
import type { WatchCommandOptions } from '../actions/watch.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';
import { revision } from './revision.js';

export function addWatch(program: Command, context: CommandContext): void {
  const command = program
    .command('watch')
    .description('tell every commit as it is made, whoever makes it, until Ctrl-C')
    .addOption(storeOption(context))
    .option('--after <revision>', 'begin with the commits after this one (default: with the next)', revision)
    .option('--json', 'print them as JSON, one a line')
    .action(async (options: WatchCommandOptions) => {
      const { watchCommand } = await import('../actions/watch.js');
      await watchCommand(context.terminal, options);
    });
  addManual(command, {
    notes: [
      'None is left out and none is told twice. A commit is told as log tells it. The store must be one that processes share: sqlite:, postgres: or etcd:. When commits that were to be told are no longer kept, it ends ' +
        'with an error that says from where one can go on.',
    ],
    examples: ['watch --store sqlite:./gati.db', "watch --after 41 --json | jq -r '.note // empty'"],
  });
}
