import type { Command } from 'commander';
import type { DeployCommandOptions } from '../actions/deploy.js';
import { type CommandContext, storeOption } from './command-context.js';
import { addManual } from './manual.js';
import { revision } from './revision.js';

export function addDeploy(program: Command, context: CommandContext): void {
  const command = program
    .command('deploy')
    .description('store everything of a bundle in one commit')
    .argument('<bundle>', 'a file, or the folder .gati/manifests of a Gati application; - for standard input')
    .addOption(storeOption(context))
    .option('--dry-run', 'print what would change, and store nothing')
    .option('--note <text>', 'why, for the history of stores that keep it')
    .option('--expect-revision <number>', 'store nothing if the store has another revision by then', revision)
    .option('--api <name>', 'API that the bundle of a Gati application belongs to (default: its project)')
    .option('--verbose', 'print every difference for callers on a terminal, too')
    .option('--json', 'print what changed as JSON')
    .action(async (bundle: string, options: DeployCommandOptions) => {
      const { deployCommand } = await import('../actions/deploy.js');
      await deployCommand(context.terminal, bundle, options);
    });
  addManual(command, {
    notes: [
      'A bundle is one of: the records of a deployment ("format": "gati-storage-deployment", JSON or YAML); the ' +
        'manifest-bundle.json of a Gati application, whose checksum must match; its folder .gati/manifests, of which ' +
        '_app.json is read; an archive of export. It is read and checked as a whole before anything is stored.',
      'Records that the store holds and the bundle does not stay. A bundle that is deployed again changes nothing. Of what a ' +
        'Gati application says, a handler or schema that differs gets one more version.',
    ],
    examples: [
      'deploy generated/bundle/manifest-bundle.json --dry-run',
      "deploy records.json --note 'prices in cents' --expect-revision 41",
      'deploy .gati/manifests --store postgres://app@db/shop?schema=gati',
    ],
  });
}
