import type { Command } from 'commander';

/** What the help of a command says beyond its arguments and options. */
export interface Manual {
  /** What else a user should know, a paragraph each. */
  readonly notes?: readonly string[];
  /** Command lines without `gati-storage`. */
  readonly examples: readonly string[];
  /** When it exits with 3. */
  readonly found?: string;
}

/** Puts a manual under the help of a command, which must have its name already. */
export function addManual(command: Command, { notes = [], examples, found }: Manual): Command {
  return command.addHelpText('after', ({ error }) => {
    if (error) return '';
    const help = command.createHelp();
    const { getOutHelpWidth } = command.configureOutput();
    const width = getOutHelpWidth?.() ?? 80;
    const codes = [
      '0 done',
      '1 refused or failed',
      '2 wrong usage',
      ...(found === undefined ? [] : [`3 ${found}`]),
      '130 interrupted',
    ];
    return [
      ...notes.flatMap((note) => ['', help.boxWrap(note, width)]),
      '',
      help.boxWrap(`Exit codes: ${codes.join(', ')}.`, width),
      '',
      examples.length === 1 ? 'Example:' : 'Examples:',
      ...examples.map((example) => `  gati-storage ${example}`),
    ].join('\n');
  });
}
