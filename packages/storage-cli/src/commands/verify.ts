import type { Command } from 'commander';
import type { VerifyCommandOptions } from '../actions/verify.js';
import { EXIT } from '../exit-codes.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';

export function addVerify(program: Command, context: CommandContext): void {
  const command = program
    .command('verify')
    .description(
      'read every record of a store and its past, and say what is damaged, of a wrong type or missing',
    )
    .addOption(storeOption(context))
    .option('--json', 'print the problems as JSON')
    .action(async (options: VerifyCommandOptions) => {
      const { verifyCommand } = await import('../actions/verify.js');
      const isSound = await verifyCommand(context.terminal, options);
      if (!isSound) context.exitWith(EXIT.found);
    });
  addManual(command, {
    notes: [
      'Problems are printed as they are found: faults of a record when it is read, records that others name and that ' +
        'are not there at the end. How far it has come is told on standard error, unless --json is given.',
    ],
    examples: ['verify --store sqlite:./gati.db', 'verify --json | jq .problems'],
    found: 'there is a problem',
  });
}
