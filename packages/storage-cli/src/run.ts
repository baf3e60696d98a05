import { createRequire } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import type { ImportCommandOptions } from './commands/import.js';
import type { ListCommandOptions } from './commands/list.js';
import type { PostgresSchemaCommandOptions } from './commands/postgres-schema.js';
import type { ShowCommandOptions } from './commands/show.js';
import { DEFAULT_STORE, defaultStore } from './default-store.js';
import type { Terminal } from './terminal.js';
import { formatError, INTERRUPTED } from './text/format-error.js';

/** Exit codes of the command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, breaking: 3, interrupted: 130 } as const;

/** Runs the `gati-storage` command and gives its exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = EXIT.ok;
  let json = false;
  const onBreaking = (): void => {
    code = EXIT.breaking;
  };
  const program = createProgram(terminal, onBreaking).hook('preAction', (_, command) => {
    json = command.opts().json === true;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const interrupted = terminal.signal.aborted;
    terminal.err(formatError(interrupted ? INTERRUPTED : error, json));
    return interrupted ? EXIT.interrupted : EXIT.failed;
  }
}

/** Each command is loaded when it is to run: none needs what all of them need together. */
function createProgram(terminal: Terminal, onBreaking: () => void): Command {
  const program = new Command('gati-storage')
    .description('Imports API descriptions into a Gati storage, and shows what it holds.')
    .version(packageVersion(), '-V, --version', 'print the version of this command')
    .helpOption('-h, --help', 'print this help')
    .enablePositionalOptions()
    .showHelpAfterError('Try --help for the commands and their options.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
      getOutHelpWidth: () => helpWidth(terminal),
      getErrHelpWidth: () => helpWidth(terminal),
    });
  addImport(program, terminal, onBreaking);
  addList(program, terminal);
  addShow(program, terminal);
  addPostgresSchema(program, terminal);
  program.addHelpText(
    'after',
    [
      '',
      'A store is named by a URL:',
      '  sqljs:./gati.db   a SQLite file, nothing to compile; one process at a time writes to it',
      '  sqlite:./gati.db  a SQLite file that several processes share; needs better-sqlite3',
      '  postgres://user:password@host/database?schema=gati',
      '                    a PostgreSQL schema that instances share; &pooler=true through PgBouncer',
      '  memory:           gone afterwards',
      '',
      'Exit codes: 0 done, 1 refused or failed (nothing of that document was stored), 2 wrong usage,',
      '  3 callers can break (import --fail-on-breaking), 130 interrupted.',
    ].join('\n'),
  );
  return program;
}

/** Lines that are longer are hard to read, however wide the terminal is. */
function helpWidth({ columns = 100 }: Terminal): number {
  return Math.min(columns, 100);
}

interface FailOnBreaking {
  readonly failOnBreaking?: boolean;
}

function addImport(program: Command, terminal: Terminal, onBreaking: () => void): void {
  program
    .command('import')
    .description(
      'import an OpenAPI 3.0 or 3.1 document (YAML or JSON), or the _app.json of a Gati application',
    )
    .argument('<files...>', 'the documents, folders of documents, or - for standard input')
    .addOption(storeOption(terminal))
    .option('--version-name <name>', 'name of the new versions, in place of the version of the document')
    .option('--version-digest', 'add a digest to the version of a document whose version never changes')
    .option('--insert', 'let a document older than others take its place before them; the latest stays')
    .option('--folder <path>', 'where the files are that a document from standard input refers to')
    .option('--api <name>', 'API that the document belongs to (default: by its title)')
    .option('--fail-on-breaking', 'exit with 3 when callers of the version before can break')
    .option('--strict-errors', 'let differences in the bodies of errors count as breaking, too')
    .option('--dry-run', 'report what would be stored, and store nothing')
    .option('--json', 'print the report as JSON')
    .option('--verbose', 'print every difference and every keyword')
    .action(
      async (files: string[], { failOnBreaking, ...options }: ImportCommandOptions & FailOnBreaking) => {
        const { importCommand } = await import('./commands/import.js');
        const isBreaking = await importCommand(terminal, files, options);
        if (failOnBreaking === true && isBreaking) onBreaking();
      },
    );
}

function addList(program: Command, terminal: Terminal): void {
  program
    .command('list')
    .description('list the handlers of a store with their versions')
    .addOption(storeOption(terminal))
    .option('--json', 'print them as JSON')
    .action(async (options: ListCommandOptions) => {
      const { listCommand } = await import('./commands/list.js');
      await listCommand(terminal, options);
    });
}

function addShow(program: Command, terminal: Terminal): void {
  program
    .command('show')
    .description('show a handler: its manifest, what changed in each version, and its types')
    .argument('<handlerId>', 'as in the list')
    .addOption(storeOption(terminal))
    .option('--version <version>', 'the version to show (default: the latest)')
    .option('--json', 'print it as JSON')
    .option('--verbose', 'print every difference and every type name')
    .action(async (handlerId: string, options: ShowCommandOptions) => {
      const { showCommand } = await import('./commands/show.js');
      await showCommand(terminal, handlerId, options);
    });
}

function addPostgresSchema(program: Command, terminal: Terminal): void {
  program
    .command('postgres-schema')
    .description('print the SQL that makes or upgrades a store in PostgreSQL, for a DBA to run')
    .option('--schema <name>', 'schema that holds the store', 'gati')
    .option('--role <name>', 'role that is to read and write the store, and nothing else')
    .option('--read-only-role <name>', 'role that is only to read it')
    .option('--from <version>', 'schema version that is there already', '0')
    .action(async (options: PostgresSchemaCommandOptions) => {
      const { postgresSchemaCommand } = await import('./commands/postgres-schema.js');
      await postgresSchemaCommand(terminal, options);
    });
}

function storeOption(terminal: Terminal): Option {
  return new Option('--store <url>', 'the store').default(
    defaultStore(terminal),
    `GATI_STORAGE, else ${DEFAULT_STORE}`,
  );
}

function packageVersion(): string {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  return version;
}
