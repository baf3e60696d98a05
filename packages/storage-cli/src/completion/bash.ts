import {
  type CommandSpec,
  type CompletionSpec,
  type OptionSpec,
  STORES,
  type ValueSpec,
} from './completion-spec.js';

/** For any bash since 3.2, with or without the package bash-completion. */
export function bashCompletion({ options, commands }: CompletionSpec): string {
  return `# bash completion for gati-storage
_gati_storage() {
${CURRENT_WORD}
  if [[ $cur == -* ]]; then
    case $command in
${commands.map(flagCase).join('\n')}
      *) words=${quoted(flagsOf(options))} ;;
    esac
    COMPREPLY=( $(compgen -W "$words" -- "$cur") )
    return
  fi
  case "$command $prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case $command in
${commands.map(flagsWithValueCase).join('\n')}
  esac
${PLACE_OF_ARGUMENT}
  case "$command $place" in
    ' 0') words=${quoted(commands.map(({ name }) => name))} ;;
${commands.flatMap(argumentCases).join('\n')}
  esac
  COMPREPLY=( $(compgen -W "$words" -- "$cur") )
}
# Where nothing is found, bash looks for files.
complete -o bashdefault -o default -F _gati_storage gati-storage
`;
}

const CURRENT_WORD = `  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= words= values= place=0 i
  COMPREPLY=()
  # Bash takes = and : for ends of words: --status=active is three of them, and sqlite:./gati.db as well.
  if [[ $cur == : || $prev == : ]]; then return; fi
  if [[ $cur == = ]]; then cur=
  elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  [[ $COMP_CWORD -gt 1 ]] && command=\${COMP_WORDS[1]}`;

/** How many arguments stand before the current word: what follows an option that has a value is none. */
const PLACE_OF_ARGUMENT = `  for ((i = 2; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      :|=) ((i++)) ;;
      -*) [[ $values == *" \${COMP_WORDS[i]} "* && \${COMP_WORDS[i+1]} != = ]] && ((i++)) ;;
      *) ((place++)) ;;
    esac
  done`;

function flagCase({ name, options }: CommandSpec): string {
  return `      ${name}) words=${quoted(flagsOf(options))} ;;`;
}

function flagsWithValueCase({ name, options }: CommandSpec): string {
  const flags = flagsOf(options.filter(({ value }) => value !== undefined));
  return `    ${name}) values=${quoted(['', ...flags, ''])} ;;`;
}

function valueCases({ name, options }: CommandSpec): string[] {
  return options.flatMap(({ short, long, value }) => {
    if (value === undefined) return [];
    const patterns = [long, ...(short === undefined ? [] : [short])].map((flag) => `'${name} ${flag}'`);
    const words = wordsOf(value);
    const found = words.length === 0 ? '' : ` COMPREPLY=( $(compgen -W ${quoted(words)} -- "$cur") );`;
    return [`    ${patterns.join('|')})${found} return ;;`];
  });
}

function argumentCases({ name, arguments: args }: CommandSpec): string[] {
  return args.flatMap(({ value }, i) =>
    value.kind === 'choice' ? [`    '${name} ${i}') words=${quoted(wordsOf(value))} ;;`] : [],
  );
}

function wordsOf({ kind, choices }: ValueSpec): readonly string[] {
  return kind === 'store' ? STORES : choices;
}

function flagsOf(options: readonly OptionSpec[]): string[] {
  return options.flatMap(({ short, long }) => (short === undefined ? [long] : [short, long]));
}

function quoted(words: readonly string[]): string {
  return `'${words.join(' ')}'`;
}
