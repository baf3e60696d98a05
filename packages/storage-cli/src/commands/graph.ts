import { type Command, Option } from 'commander';
import type { GraphCommandOptions } from '../actions/graph.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';
import { atOption } from './revision.js';

export function addGraph(program: Command, context: CommandContext): void {
  const command = program
    .command('graph')
    .description('draw which version of a handler was made from which, and what turns one into another')
    .argument('<handlerId>', 'as in the list')
    .addOption(storeOption(context))
    .addOption(atOption())
    .addOption(new Option('--svg', 'as a picture that browsers show').conflicts(['mermaid', 'json']))
    .addOption(new Option('--mermaid', 'as a Mermaid flowchart, which Markdown pages draw').conflicts('json'))
    .option('--json', 'print the version graph as it is stored')
    .option('-o, --output <file>', 'write it to a new file, and not to standard output')
    .action(async (handlerId: string, options: GraphCommandOptions) => {
      const { graphCommand } = await import('../actions/graph.js');
      await graphCommand(context.terminal, handlerId, options);
    });
  addManual(command, {
    notes: [
      'As text, a version is below the one that it was made from; ! marks those that break callers. The picture says the same ' +
        'for light and dark pages, loads nothing, and strikes through versions that Timescape has decommissioned; ' +
        'of more than 100 versions it shows the newest.',
    ],
    examples: [
      'graph orders.get',
      'graph orders.get --svg -o orders.svg',
      'graph orders.get --mermaid > orders.mmd',
    ],
  });
}
