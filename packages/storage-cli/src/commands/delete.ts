import { RECORD_KIND_NAMES, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { DeletionTarget } from '@gati-framework/storage-tools/delete';
import { Argument, type Command } from 'commander';
import type { DeleteCommandOptions } from '../actions/delete.js';
import { UsageError } from '../usage-error.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';

export function addDelete(program: Command, context: CommandContext): void {
  const command = program
    .command('delete')
    .description('delete a handler with all its records, one of its versions, or any other record')
    .addArgument(new Argument('<kind>', 'what it is').choices(['handler', 'version', ...RECORD_KIND_NAMES]))
    .argument('<key...>', 'which one, as list and show name it; of a version, its handler and its name')
    .addOption(storeOption(context))
    .option('--note <text>', 'why, for the history of stores that keep it')
    .option('--yes', 'delete it; without this it is only said what would go')
    .option('--force', 'also when other records refer to it')
    .option('--json', 'print what goes as JSON')
    .action(async (kind: string, key: string[], options: DeleteCommandOptions) => {
      const target = targetOf(kind, key);
      const { deleteCommand } = await import('../actions/delete.js');
      await deleteCommand(context.terminal, target, options);
    });
  addManual(command, {
    notes: [
      'All of it goes in one commit, which does nothing if somebody has changed one of the records since they were read, or, ' +
        'in a store that keeps its past, anything at all. ' +
        'What other records refer to is kept, unless --force is given: then its version graph forgets it, and who else names it ' +
        'names nothing, as verify says.',
      'With a version go its Timescape metadata and its transformers. If it was the current one, the nearest that it was made from is ' +
        'current then; if it was the latest, the newest that is left. GTypes stay, as others may name them: see list --kind gtype.',
    ],
    examples: [
      'delete handler users.create',
      'delete version users.create 1.0.0 --yes',
      'delete gtype User --store sqlite:./gati.db --yes',
    ],
  });
}

function targetOf(kind: string, key: readonly string[]): DeletionTarget {
  const [first = '', second] = key;
  const record = RECORD_KIND_NAMES.find((name) => name === kind);
  const fields = record === undefined ? FIELDS_OF[kind] : RECORD_KINDS[record].keyFields;
  if (key.length !== fields?.length || key.includes('')) {
    throw new UsageError(`A ${kind} is named by ${fields?.join(' and ')}, and ${key.length} were given.`, {
      path: 'key',
    });
  }
  if (record !== undefined) return { kind: record, key: second === undefined ? [first] : [first, second] };
  return { handlerId: first, ...(second === undefined ? {} : { version: second }) };
}

const FIELDS_OF: Readonly<Record<string, readonly string[]>> = {
  handler: ['handlerId'],
  version: ['handlerId', 'version'],
};
