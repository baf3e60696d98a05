import type { Command } from 'commander';
import type { BackupCommandOptions } from '../actions/backup.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';

export function addBackup(program: Command, context: CommandContext): void {
  const command = program
    .command('backup')
    .description('copy the SQLite file of a store while it is used, with its history')
    .argument('<file>', 'the backup, which is a store itself')
    .addOption(storeOption(context))
    .option('--overwrite', 'replace whatever file is there')
    .option('--json', 'print what was written as JSON')
    .action(async (file: string, options: BackupCommandOptions) => {
      const { backupCommand } = await import('../actions/backup.js');
      await backupCommand(context.terminal, file, options);
    });
  addManual(command, {
    notes: [
      'The backup is of one moment, and nobody who writes to the store waits for it. It is read back and checked: of a store that is ' +
        'damaged none is made. It appears whole or not at all, also when this command is killed, and takes the place of an earlier backup ' +
        'of the same store; any other file is refused, unless --overwrite is given, and a store that is open always.',
      'It is for sqlite: and sqljs:. PostgreSQL has pg_dump, and export writes the records of any store, without their history, to an archive.',
      'How far it has come is told on standard error, unless --json is given.',
    ],
    examples: [
      'backup gati.backup.db --store sqlite:./gati.db',
      'backup /mnt/backup/gati.db --json | jq .revision',
    ],
  });
}
