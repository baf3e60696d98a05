import type { Command } from 'commander';
import type { PostgresSchemaCommandOptions } from '../actions/postgres-schema.js';
import type { CommandContext } from './command-context.js';
import { addManual } from './manual.js';

export function addPostgresSchema(program: Command, { terminal }: CommandContext): void {
  const command = program
    .command('postgres-schema')
    .description('print the SQL that makes or upgrades a store in PostgreSQL, for a DBA to run')
    .option('--schema <name>', 'schema that holds the store', 'gati')
    .option('--role <name>', 'role that is to read and write the store, and nothing else')
    .option('--read-only-role <name>', 'role that is only to read it')
    .option('--from <version>', 'schema version that is there already', '0')
    .action(async (options: PostgresSchemaCommandOptions) => {
      const { postgresSchemaCommand } = await import('../actions/postgres-schema.js');
      await postgresSchemaCommand(terminal, options);
    });
  addManual(command, {
    notes: [
      'The script is one transaction, and prints no URL and no password. An upgrade names the version that is there with --from.',
    ],
    examples: ['postgres-schema --schema gati --role app --read-only-role reporting | psql -d shop'],
  });
}
