import type { Command } from 'commander';
import type { ExportCommandOptions } from '../actions/export.js';
import { type CommandContext, storeOption } from './command-context.js';

export function addExport(program: Command, context: CommandContext): void {
  program
    .command('export')
    .description('write every record of a store to an archive, as of one moment')
    .argument('<file>', 'the archive, compressed if its name ends in .gz; - for standard output')
    .addOption(storeOption(context))
    .option('--handler <handlerId>', 'only what belongs to this handler')
    .option('--json', 'print what was written as JSON')
    .addHelpText('after', '\nExample:\n  gati-storage export backup.jsonl.gz --store sqlite:./gati.db')
    .action(async (file: string, options: ExportCommandOptions) => {
      const { exportCommand } = await import('../actions/export.js');
      await exportCommand(context.terminal, file, options);
    });
}
