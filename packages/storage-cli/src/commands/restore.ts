import type { Command } from 'commander';
import type { RestoreCommandOptions } from '../actions/restore.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addFillOptions } from './fill-options.js';
import { addManual } from './manual.js';

export function addRestore(program: Command, context: CommandContext): void {
  const command = program
    .command('restore')
    .description('store every record of an archive of export')
    .argument('<file>', 'the archive, compressed or not; - for standard input')
    .addOption(storeOption(context));
  addFillOptions(command).action(async (file: string, options: RestoreCommandOptions) => {
    const { restoreCommand } = await import('../actions/restore.js');
    await restoreCommand(context.terminal, file, options);
  });
  addManual(command, {
    notes: [
      'All of it is one commit, which happens only when the whole archive was read and its count and digest are right: of one that ' +
        'is damaged or cut short nothing is stored, and its line is named. Then it is read back and compared.',
      'A store that holds anything else is refused, unless --replace or --merge is given. How far it has come is told on standard ' +
        'error, unless --json is given.',
    ],
    examples: [
      'restore backup.jsonl.gz --store sqlite:./gati.db',
      'export - | ssh db gati-storage restore - --store sqlite:/srv/gati.db',
    ],
  });
}
