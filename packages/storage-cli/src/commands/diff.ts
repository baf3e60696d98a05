import type { Command } from 'commander';
import type { DiffCommandOptions } from '../actions/diff.js';
import { EXIT } from '../exit-codes.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';

export function addDiff(program: Command, context: CommandContext): void {
  const command = program
    .command('diff')
    .description(
      'say what differs between two stores, revisions, archives or versions, and what it does to callers',
    )
    .argument(
      '<before>',
      'the URL of a store, a revision as 41 or sqlite:./gati.db@41, the file of an archive, or a version as users.get@1.0.0',
    )
    .argument('[after]', 'what it is compared with (default: the store of the revision as it is now)')
    .addOption(storeOption(context))
    .option('--strict-errors', 'let differences in the bodies of errors count as breaking, too')
    .option('--verbose', 'print every difference for callers on a terminal, too')
    .option('--json', 'print the differences as JSON')
    .action(async (before: string, after: string | undefined, options: DiffCommandOptions) => {
      const { diffCommand } = await import('../actions/diff.js');
      if (await diffCommand(context.terminal, [before, after], options)) context.exitWith(EXIT.found);
    });
  addManual(command, {
    notes: [
      'Records are compared by content, field by field, whenever and in whichever order they were stored: + is only in ' +
        'the second, - only in the first, ~ in both. Then it says what callers of the latest version of each handler notice: ! breaks ' +
        'them, ? cannot be told. Versions, and revisions that stand alone, are those of the store that --store names.',
      'Neither side is held in memory: a digest of each record of the first is, or, of two revisions of one store, what differs; and ' +
        'the types that handlers reach which differ.',
    ],
    examples: [
      'diff sqlite:./staging.db postgres://app@db/shop?schema=gati',
      'diff yesterday.jsonl.gz sqlite:./gati.db --json | jq .callers',
      'diff 41 42 --store sqlite:./gati.db',
      'diff 41',
      'diff sqlite:./staging.db@41 postgres://app@db/shop?schema=gati',
      'diff users.get@1.0.0 users.get@2.0.0 --store sqlite:./gati.db',
    ],
    found: 'they differ',
  });
}
