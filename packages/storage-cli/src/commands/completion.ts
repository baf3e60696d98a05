import { Argument, type Command } from 'commander';
import type { Shell } from '../actions/completion.js';
import type { CommandContext } from './command-context.js';
import { addManual } from './manual.js';

export function addCompletion(program: Command, { terminal }: CommandContext): void {
  const command = program
    .command('completion')
    .description('print a script with which a shell completes commands, options and their values')
    .addArgument(new Argument('<shell>', 'the shell that is to read it').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell) => {
      const { completionCommand } = await import('../actions/completion.js');
      completionCommand(terminal, program, shell);
    });
  addManual(command, {
    notes: [
      'The script is for gati-storage as a command of the shell, which a global installation makes it. It opens no store, so handlers ' +
        'are not completed. Print it anew after an update.',
      'bash: into ~/.bashrc, source <(gati-storage completion bash). ' +
        'zsh: into ~/.zshrc, behind compinit, source <(gati-storage completion zsh). ' +
        'fish: gati-storage completion fish > ~/.config/fish/completions/gati-storage.fish',
    ],
    examples: ['completion bash > ~/.local/share/bash-completion/completions/gati-storage'],
  });
}
