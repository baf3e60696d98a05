import type { RecordKind } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import { type Command, Option } from 'commander';
import type { ListCommandOptions } from '../actions/list.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';
import { atOption } from './revision.js';

interface Options extends ListCommandOptions {
  readonly kind?: RecordKind;
}

export function addList(program: Command, context: CommandContext): void {
  const command = program
    .command('list')
    .description('list the handlers of a store with their versions')
    .addOption(storeOption(context))
    .addOption(atOption())
    .option(
      '--path <pattern>',
      'only versions at this path: * is one part of it, ** any number, !... all others',
    )
    .option('--method <name>', 'only versions that answer to this method')
    .option('--role <name>', 'only versions that ask for this role')
    .option('--dependency <name>', 'only versions that need this module or plugin')
    .addOption(
      new Option('--status <status>', 'only versions that Timescape deploys so').choices([
        'pending',
        'active',
        'draining',
        'decommissioned',
      ]),
    )
    .addOption(
      new Option('--kind <kind>', 'list the records of this kind by their keys, in place of handlers')
        .choices(RECORD_KIND_NAMES)
        .conflicts(['path', 'method', 'role', 'dependency', 'status']),
    )
    .option('--json', 'print them as JSON')
    .action(async ({ kind, ...options }: Options) => {
      if (kind !== undefined) {
        const { listRecordsCommand } = await import('../actions/list-records.js');
        return listRecordsCommand(context.terminal, kind, options);
      }
      const { listCommand } = await import('../actions/list.js');
      await listCommand(context.terminal, options);
    });
  addManual(command, {
    notes: [
      'Breaking versions are marked with !. Of several filters, a version must pass all; handlers are listed that have ' +
        'such a version, with only these versions, and with the method and path of the latest of them. ' +
        'The counts below the list are of the whole store.',
    ],
    examples: [
      'list --store sqlite:./gati.db',
      "list --path '/users/**' --method POST --status active",
      "list --role admin --json | jq -r '.handlers[].handlerId'",
      'list --kind gtype',
      'list --at 41',
    ],
  });
}
