import type { Command } from 'commander';
import type { ImportCommandOptions } from '../actions/import.js';
import { EXIT } from '../exit-codes.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';

interface Options extends ImportCommandOptions {
  readonly failOnBreaking?: boolean;
}

export function addImport(program: Command, context: CommandContext): void {
  const command = program
    .command('import')
    .description(
      'import an OpenAPI 3.0 or 3.1 document (YAML or JSON), or the folder .gati or the bundle of a Gati application',
    )
    .argument('<files...>', 'the documents, folders of documents, or - for standard input')
    .addOption(storeOption(context))
    .option('--version-name <name>', 'name of the new versions, in place of the version of the document')
    .option('--version-digest', 'add a digest to the version of a document whose version never changes')
    .option('--insert', 'let a document older than others take its place before them; the latest stays')
    .option('--folder <path>', 'where the files are that a document from standard input refers to')
    .option('--api <name>', 'API that the document belongs to (default: by its title)')
    .option('--fail-on-breaking', 'exit with 3 when callers of the version before can break')
    .option('--strict-errors', 'let differences in the bodies of errors count as breaking, too')
    .option('--note <text>', 'why, for the history of stores that keep it')
    .option('--dry-run', 'report what would be stored, and store nothing')
    .option('--json', 'print the report as JSON')
    .option('--verbose', 'print every difference and every keyword')
    .action(async (files: string[], { failOnBreaking, ...options }: Options) => {
      const { importCommand } = await import('../actions/import.js');
      const isBreaking = await importCommand(context.terminal, files, options);
      if (failOnBreaking === true && isBreaking) context.exitWith(EXIT.found);
    });
  addManual(command, {
    notes: [
      'A document is stored as one commit, whole or not at all. Several are imported in the order of their versions. ' +
        'Versions that are stored stay: only what changed gets a new one.',
    ],
    examples: [
      'import openapi.yaml --store sqlite:./gati.db',
      'import descriptions/ --dry-run --fail-on-breaking',
      'import .gati',
      'import - < openapi.json',
    ],
    found: 'callers can break, with --fail-on-breaking',
  });
}
