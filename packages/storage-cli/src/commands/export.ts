import type { Command } from 'commander';
import type { ExportCommandOptions } from '../actions/export.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';
import { atOption } from './revision.js';

export function addExport(program: Command, context: CommandContext): void {
  const command = program
    .command('export')
    .description('write every record of a store to an archive, as of one moment')
    .argument('<file>', 'the archive, compressed if its name ends in .gz; - for standard output')
    .addOption(storeOption(context))
    .addOption(atOption())
    .option('--handler <handlerId>', 'only what belongs to this handler')
    .option('--json', 'print what was written as JSON')
    .action(async (file: string, options: ExportCommandOptions) => {
      const { exportCommand } = await import('../actions/export.js');
      await exportCommand(context.terminal, file, options);
    });
  addManual(command, {
    notes: [
      'The archive appears whole or not at all. It replaces an archive of that name, and refuses to replace any other file. ' +
        'How far it has come is told on standard error, unless --json is given.',
    ],
    examples: [
      'export backup.jsonl.gz --store sqlite:./gati.db',
      'export yesterday.jsonl.gz --at 41',
      'export - --handler users.create | gzip > users.jsonl.gz',
    ],
  });
}
