import { Command, CommanderError } from 'commander';
import { addBackup } from './commands/backup.js';
import type { CommandContext } from './commands/command-context.js';
import { addCompletion } from './commands/completion.js';
import { addCopy } from './commands/copy.js';
import { addDelete } from './commands/delete.js';
import { addDeploy } from './commands/deploy.js';
import { addDiff } from './commands/diff.js';
import { addExport } from './commands/export.js';
import { addGraph } from './commands/graph.js';
import { addHealth } from './commands/health.js';
import { addImport } from './commands/import.js';
import { addInfo } from './commands/info.js';
import { addList } from './commands/list.js';
import { addLog } from './commands/log.js';
import { addMigrate } from './commands/migrate.js';
import { addPostgresSchema } from './commands/postgres-schema.js';
import { addPrune } from './commands/prune.js';
import { addRestore } from './commands/restore.js';
import { addRollback } from './commands/rollback.js';
import { addShow } from './commands/show.js';
import { addStats } from './commands/stats.js';
import { addStudio } from './commands/studio.js';
import { addVerify } from './commands/verify.js';
import { addWatch } from './commands/watch.js';
import { EXIT } from './exit-codes.js';
import { InterruptedError } from './interrupted-error.js';
import { notLongAfter } from './interruption.js';
import { packageVersion } from './package-version.js';
import { silent, type Terminal } from './terminal.js';
import { formatError, INTERRUPTED } from './text/format-error.js';
import { UsageError } from './usage-error.js';

/** Runs the `gati-storage` command and gives its exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = EXIT.ok;
  const json = wantsJson(args);
  const exitWith = (found: number): void => {
    code = found;
  };
  // With --json, programs read what goes to standard error, too.
  const program = createProgram({ terminal: json ? silent(terminal) : terminal, exitWith }, json);
  try {
    await notLongAfter(terminal.signal, program.parseAsync([...args], { from: 'user' }));
    return code;
  } catch (error) {
    return tell(error, terminal, json);
  }
}

/** Also of a command line that cannot be read otherwise, as the one who reads the error is a program then, too. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).includes('--json');
}

/** Says why a command did not do what it was to do, and gives the exit code. */
function tell(error: unknown, terminal: Terminal, json: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    // In words, commander has told it.
    if (json) terminal.err(formatError(new UsageError(error.message.replace(/^error: /, '')), json));
    return EXIT.usage;
  }
  const interrupted = terminal.signal.aborted;
  const isTold = error instanceof InterruptedError;
  terminal.err(formatError(interrupted && !isTold ? INTERRUPTED : error, json));
  if (interrupted) return EXIT.interrupted;
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

/** Each loads what it does when it is to run: none needs what all of them need together. */
const COMMANDS = [
  addImport,
  addDeploy,
  addList,
  addShow,
  addGraph,
  addStats,
  addHealth,
  addInfo,
  addVerify,
  addLog,
  addWatch,
  addStudio,
  addDiff,
  addRollback,
  addExport,
  addRestore,
  addBackup,
  addCopy,
  addDelete,
  addPrune,
  addMigrate,
  addPostgresSchema,
  addCompletion,
];

function createProgram(context: CommandContext, json: boolean): Command {
  const { terminal } = context;
  const program = new Command('gati-storage')
    .description('Fills a Gati storage from API descriptions, shows what it holds, and keeps it safe.')
    .version(packageVersion(), '-V, --version', 'print the version of this command')
    .helpOption('-h, --help', 'print this help')
    .enablePositionalOptions()
    .showHelpAfterError('Try --help for the commands and their options.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => {
        if (!json) terminal.err(text.trimEnd());
      },
      getOutHelpWidth: () => helpWidth(terminal),
      getErrHelpWidth: () => helpWidth(terminal),
    });
  for (const add of COMMANDS) add(program, context);
  program.addHelpText(
    'after',
    [
      '',
      'A store is named by a URL:',
      '  sqljs:./gati.db   a SQLite file, nothing to compile; one process at a time writes to it',
      '  sqlite:./gati.db  a SQLite file that several processes share; needs Node.js 22.22.3, 24.15',
      '                    or newer, or better-sqlite3',
      '  postgres://user:password@host/database?schema=gati',
      '                    a PostgreSQL schema that instances share; &pooler=true through PgBouncer',
      '  etcd://user:password@host1:2379,host2:2379/gati?ca=ca.pem',
      '                    keys under a prefix of an etcd cluster that instances share',
      '  memory:           gone afterwards',
      'A server that cannot be reached is tried for ten seconds; Ctrl-C gives up sooner.',
      '',
      'Exit codes: 0 done, 1 refused or failed (nothing of that commit was stored), 2 wrong usage,',
      '  3 callers can break (import --fail-on-breaking), something is wrong (verify) or differs (diff),',
      '  130 interrupted.',
      '',
      'gati-storage COMMAND --help says more of each, with examples.',
    ].join('\n'),
  );
  return program;
}

/** Lines that are longer are hard to read, however wide the terminal is. */
function helpWidth({ columns = 100 }: Terminal): number {
  return Math.min(columns, 100);
}
