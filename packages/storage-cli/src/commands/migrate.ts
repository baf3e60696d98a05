import type { Command } from 'commander';
import type { MigrateCommandOptions } from '../actions/migrate.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';

export function addMigrate(program: Command, context: CommandContext): void {
  const command = program
    .command('migrate')
    .description('bring the schema of a store to the newest version, or make the store')
    .addOption(storeOption(context))
    .option('--print', 'print the SQL that is missing, and change nothing')
    .option('--json', 'print from which version to which as JSON')
    .action(async (options: MigrateCommandOptions) => {
      const { migrateCommand } = await import('../actions/migrate.js');
      await migrateCommand(context.terminal, options);
    });
  addManual(command, {
    notes: [
      'Applications do this by themselves when they open a store, unless they may not (migrate: false). All steps are taken ' +
        'in one transaction, or none. Older versions of the library may refuse the store afterwards. ' +
        'The SQL for a store that cannot be reached from here is printed by postgres-schema.',
    ],
    examples: [
      "migrate --store 'postgres://owner@db.example/shop?schema=gati'",
      'migrate --print --store sqlite:./gati.db',
    ],
  });
}
