import type { Argument, Command, Option } from 'commander';

/** What a shell is told about the command, made of the same definitions as its help. */
export interface CompletionSpec {
  readonly options: readonly OptionSpec[];
  readonly commands: readonly CommandSpec[];
}

export interface CommandSpec {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionSpec[];
  /** In order; the last one stands for all that follow if it `repeats`. */
  readonly arguments: readonly ArgumentSpec[];
}

export interface OptionSpec {
  /** `-o`. */
  readonly short?: string;
  /** `--output`. */
  readonly long: string;
  readonly description: string;
  /** Absent for a flag. */
  readonly value?: ValueSpec;
}

export interface ArgumentSpec {
  readonly value: ValueSpec;
  readonly repeats: boolean;
}

export interface ValueSpec {
  readonly name: string;
  readonly kind: 'choice' | 'file' | 'store' | 'text';
  /** Of a `choice`. */
  readonly choices: readonly string[];
}

/** What the URL of a store begins with. */
export const STORES = ['sqljs:', 'sqlite:', 'postgres://', 'etcd://', 'memory:'] as const;

/** Names of values that are places in the file system. */
const FILES: ReadonlySet<string> = new Set([
  'file',
  'files',
  'folder',
  'path',
  'output',
  'bundle',
  'archive',
]);

export function completionSpec(program: Command): CompletionSpec {
  const help = program.createHelp();
  return {
    options: help.visibleOptions(program).map(ofOption),
    commands: help.visibleCommands(program).map((command) => ({
      name: command.name(),
      description: command.description(),
      options: command.createHelp().visibleOptions(command).map(ofOption),
      arguments:
        command.name() === 'help'
          ? [namesOf(help.visibleCommands(program))]
          : command.registeredArguments.map(ofArgument),
    })),
  };
}

function ofOption({ short, long, flags, description, argChoices, required, optional }: Option): OptionSpec {
  const name = /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? '';
  // A pattern for paths of requests is no place in the file system.
  const kind = long === '--store' ? 'store' : long === '--path' ? 'text' : kindOf(name, argChoices);
  return {
    ...(short === undefined ? {} : { short }),
    long: long ?? flags,
    description,
    ...(required || optional ? { value: { name, kind, choices: argChoices ?? [] } } : {}),
  };
}

function ofArgument(argument: Argument): ArgumentSpec {
  const { argChoices, variadic } = argument;
  const name = argument.name();
  return { value: { name, kind: kindOf(name, argChoices), choices: argChoices ?? [] }, repeats: variadic };
}

function kindOf(name: string, choices: readonly string[] | undefined): ValueSpec['kind'] {
  if (choices !== undefined) return 'choice';
  return FILES.has(name.replace(/\.\.\.$/, '')) ? 'file' : 'text';
}

function namesOf(commands: readonly Command[]): ArgumentSpec {
  const choices = commands.map((command) => command.name());
  return { value: { name: 'command', kind: 'choice', choices }, repeats: false };
}
