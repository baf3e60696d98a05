import {
  type ArgumentSpec,
  type CommandSpec,
  type CompletionSpec,
  type OptionSpec,
  STORES,
  type ValueSpec,
} from './completion-spec.js';

/** To be sourced, or to be a file in `fpath`. */
export function zshCompletion({ options, commands }: CompletionSpec): string {
  return `#compdef gati-storage
# zsh completion for gati-storage
_gati_storage_store() {
  if compset -P '(sqljs|sqlite):'; then _files
  else compadd -S '' -- ${STORES.join(' ')}
  fi
}
_gati_storage() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a commands=(
${commands.map(commandName).join('\n')}
  )
  _arguments -C -S \\
${options.map((option) => `    ${optionSpec(option)} \\`).join('\n')}
    '1:command:->command' '*::argument:->argument' && return 0
  case $state in
    command) _describe -t commands command commands ;;
    argument)
      case $line[1] in
${commands.map(commandCase).join('\n')}
      esac ;;
  esac
}
if [[ $funcstack[1] == _gati_storage ]]; then _gati_storage "$@"
else compdef _gati_storage gati-storage
fi
`;
}

function commandName({ name, description }: CommandSpec): string {
  return `    '${name}:${literal(description.replaceAll(':', '\\:'))}'`;
}

function commandCase({ name, options, arguments: args }: CommandSpec): string {
  const specs = [...options.map(optionSpec), ...args.map(argumentSpec)];
  return `        ${name}) _arguments -S ${specs.join(' ')} ;;`;
}

/** A specification of `_arguments`: `'(-o --output)'{-o,--output=}'[what it does]:file:_files'`. */
function optionSpec({ short, long, description, value }: OptionSpec): string {
  const text = literal(description.replace(/[[\]\\:]/g, '\\$&'));
  const rest = value === undefined ? `[${text}]'` : `[${text}]:${value.name}:${actionOf(value)}'`;
  const flag = value === undefined ? long : `${long}=`;
  // Two quotes in a row would be one in shells that are set up so.
  return short === undefined ? `'${flag}${rest}` : `'(${short} ${long})'{${short},${flag}}'${rest}`;
}

function argumentSpec({ value, repeats }: ArgumentSpec, place: number): string {
  return `'${repeats ? '*' : place + 1}:${value.name}:${actionOf(value)}'`;
}

/** A space stands for what cannot be completed. */
function actionOf({ kind, choices }: ValueSpec): string {
  if (kind === 'store') return '_gati_storage_store';
  if (kind === 'file') return '_files';
  return kind === 'choice' ? `(${choices.join(' ')})` : ' ';
}

/** Inside single quotes. */
function literal(text: string): string {
  return text.replaceAll("'", "'\\''");
}
