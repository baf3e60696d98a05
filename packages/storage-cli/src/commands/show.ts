import { type Command, Option } from 'commander';
import type { ShowCommandOptions } from '../actions/show.js';
import { UsageError } from '../usage-error.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';
import { atOption } from './revision.js';

interface Options extends ShowCommandOptions {
  readonly version?: string;
  readonly versions?: boolean;
  readonly hooks?: boolean;
  readonly timescape?: boolean;
  readonly gtype?: string;
  readonly transformer?: string;
}

/** Each says what is to be shown; what is named by an option cannot be mistaken for a handler of that name. */
const WHAT = ['versions', 'hooks', 'timescape', 'gtype', 'transformer'] as const;

export function addShow(program: Command, context: CommandContext): void {
  const command = program
    .command('show')
    .description(
      'show a handler: its manifest, what changed in each version, and its types; or a record of another kind',
    )
    .argument('[handlerId]', 'as in the list')
    .argument('[version]', 'its version (default: the latest)')
    .addOption(storeOption(context))
    .addOption(atOption())
    .option('--version <version>', 'another way to name the version');
  for (const option of whatOptions()) command.addOption(option);
  command
    .option('--json', 'print it as JSON')
    .option('--verbose', 'print every difference and every type name')
    .action(async (handlerId: string | undefined, version: string | undefined, options: Options) => {
      await show(context, handlerId, version, options);
    });
  addManual(command, {
    notes: [
      'JSON of a handler is its manifest with its versions and types, that of another record is the record as it is stored. ' +
        'Numbers that JSON has not, such as NaN, are texts in it.',
    ],
    examples: [
      'show users.create',
      'show users.create 1.0.0 --json',
      'show users.create --versions',
      'show users.create 1.0.0 --timescape',
      'show --gtype User',
      'show users.create --at 41',
    ],
  });
}

function whatOptions(): Option[] {
  return [
    new Option('--versions', 'show only its versions, a line each'),
    new Option('--hooks', 'show its hooks'),
    new Option('--timescape', 'show how its versions, or the given one, are deployed'),
    new Option('--gtype <ref>', 'show this GType, and no handler'),
    new Option('--transformer <id>', 'show this transformer, and no handler'),
  ].map((option) => option.conflicts(WHAT.filter((name) => name !== option.attributeName())));
}

async function show(
  { terminal }: CommandContext,
  handlerId: string | undefined,
  argument: string | undefined,
  { version: option, versions, hooks, timescape, gtype, transformer, ...options }: Options,
): Promise<void> {
  const version = oneVersion(argument, option);
  if (gtype !== undefined || transformer !== undefined) {
    if (handlerId !== undefined) throw new UsageError('--gtype and --transformer stand without a handler.');
    const { showGTypeCommand, showTransformerCommand } = await import('../actions/show-record.js');
    if (gtype !== undefined) return showGTypeCommand(terminal, gtype, options);
    if (transformer !== undefined) return showTransformerCommand(terminal, transformer, options);
  }
  if (handlerId === undefined) throw new UsageError("missing required argument 'handlerId'. Try --help.");
  if (hooks === true || timescape === true) {
    const { showHooksCommand, showTimescapeCommand } = await import('../actions/show-record.js');
    if (timescape === true) return showTimescapeCommand(terminal, handlerId, version, options);
    return showHooksCommand(terminal, handlerId, options);
  }
  const { showHandlerCommand, showVersionsCommand } = await import('../actions/show.js');
  if (versions === true) return showVersionsCommand(terminal, handlerId, options);
  return showHandlerCommand(terminal, handlerId, version, options);
}

function oneVersion(argument: string | undefined, option: string | undefined): string | undefined {
  if (argument === undefined || option === undefined || argument === option) return argument ?? option;
  throw new UsageError('The version is named twice, and differently.');
}
