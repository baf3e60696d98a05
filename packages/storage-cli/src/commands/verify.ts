import type { Command } from 'commander';
import type { VerifyCommandOptions } from '../actions/verify.js';
import { EXIT } from '../exit-codes.js';
import { type CommandContext, storeOption } from './command-context.js';

export function addVerify(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('read every record of a store, and say what is damaged, of a wrong type or missing')
    .addOption(storeOption(context))
    .option('--json', 'print the problems as JSON')
    .addHelpText(
      'after',
      '\nExits with 3 when there is a problem.\n\nExample:\n  gati-storage verify --store sqlite:./gati.db',
    )
    .action(async (options: VerifyCommandOptions) => {
      const { verifyCommand } = await import('../actions/verify.js');
      const isSound = await verifyCommand(context.terminal, options);
      if (!isSound) context.exitWith(EXIT.found);
    });
}
