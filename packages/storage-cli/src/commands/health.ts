import type { Command } from 'commander';
import type { HealthCommandOptions } from '../actions/health.js';
import { EXIT } from '../exit-codes.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';
import { timeoutOption } from './timeout-option.js';

export function addHealth(program: Command, context: CommandContext): void {
  const command = program
    .command('health')
    .description('ask whether a store answers, and how long that takes')
    .addOption(storeOption(context))
    .addOption(timeoutOption(5))
    .option('--json', 'print it as JSON')
    .action(async (options: HealthCommandOptions) => {
      const { healthCommand } = await import('../actions/health.js');
      const isHealthy = await healthCommand(context.terminal, options);
      if (!isHealthy) context.exitWith(EXIT.failed);
    });
  addManual(command, {
    notes: [
      'A store that does not answer is told of on standard output, as that is what was asked for; the exit code is 1 then. ' +
        'The latency is that of one question, after the store was opened.',
    ],
    examples: [
      "health --store 'postgres://app@db.example/shop?schema=gati' --timeout 2s",
      'health --json > /dev/null || systemctl restart shop',
    ],
  });
}
