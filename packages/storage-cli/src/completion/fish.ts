import {
  type CommandSpec,
  type CompletionSpec,
  type OptionSpec,
  STORES,
  type ValueSpec,
} from './completion-spec.js';

export function fishCompletion({ options, commands }: CompletionSpec): string {
  return `# fish completion for gati-storage
function __gati_storage_command
    set -l words (commandline -opc)
    if test (count $argv) -eq 0
        test (count $words) -eq 1
    else
        test (count $words) -gt 1; and contains -- $words[2] $argv
    end
end
function __gati_storage_store
    set -l token (string replace -r '^--store=' '' -- (commandline -ct))
    set -l scheme (string match -r '^(?:sqljs|sqlite):' -- $token)
    if test -n "$scheme"
        __fish_complete_path (string sub -s (math (string length $scheme) + 1) -- $token) | string replace -r '^' $scheme
    else
        printf '%s\\n' ${STORES.join(' ')}
    end
end
complete -c gati-storage -f
${[
  ...options.map((option) => optionLine('__gati_storage_command', option)),
  ...commands.map(
    ({ name, description }) =>
      `complete -c gati-storage -n __gati_storage_command -a ${name} -d ${quoted(description)}`,
  ),
  ...commands.flatMap(commandLines),
].join('\n')}
`;
}

function commandLines({ name, options, arguments: args }: CommandSpec): string[] {
  const condition = quoted(`__gati_storage_command ${name}`);
  const values = args.flatMap(({ value }) => (value.kind === 'text' ? [] : [wordsFor(value)]));
  return [
    ...options.map((option) => optionLine(condition, option)),
    ...values.map((value) => `complete -c gati-storage -n ${condition} ${value}`),
  ];
}

function optionLine(condition: string, { short, long, description, value }: OptionSpec): string {
  return [
    `complete -c gati-storage -n ${condition}`,
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    `-l ${long.slice(2)}`,
    ...(value === undefined ? [] : [value.kind === 'file' ? '-r' : '-x', wordsFor(value)]),
    `-d ${quoted(description)}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function wordsFor({ kind, choices }: ValueSpec): string {
  if (kind === 'file') return '-F';
  if (kind === 'store') return "-a '(__gati_storage_store)'";
  return choices.length === 0 ? '' : `-a ${quoted(choices.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
