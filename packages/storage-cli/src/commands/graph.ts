import type { Command } from 'commander';
import type { GraphCommandOptions } from '../actions/graph.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';

export function addGraph(program: Command, context: CommandContext): void {
  const command = program
    .command('graph')
    .description('draw which version of a handler was made from which, and what turns one into another')
    .argument('<handlerId>', 'as in the list')
    .addOption(storeOption(context))
    .option('--mermaid', 'as a Mermaid flowchart, which Markdown pages draw')
    .option('--json', 'print the version graph as it is stored')
    .action(async (handlerId: string, options: GraphCommandOptions) => {
      const { graphCommand } = await import('../actions/graph.js');
      await graphCommand(context.terminal, handlerId, options);
    });
  addManual(command, {
    examples: ['graph orders.get', 'graph orders.get --mermaid > orders.mmd'],
  });
}
