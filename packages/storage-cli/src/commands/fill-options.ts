import { type Command, Option } from 'commander';

/** Options of every command that fills a store. */
export function addFillOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--replace', 'in the place of all that the target holds, which is gone then').conflicts(
        'merge',
      ),
    )
    .option('--merge', 'beside what the target holds, and over the records of the same keys')
    .option('--note <text>', 'why, for the history of stores that keep it')
    .option('--dry-run', 'read and check everything, say what would be done, and store nothing')
    .option('--json', 'print what was done as JSON');
}
