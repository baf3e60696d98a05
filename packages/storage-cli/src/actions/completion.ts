import type { Command } from 'commander';
import { bashCompletion } from '../completion/bash.js';
import { type CompletionSpec, completionSpec } from '../completion/completion-spec.js';
import { fishCompletion } from '../completion/fish.js';
import { zshCompletion } from '../completion/zsh.js';
import type { Terminal } from '../terminal.js';

export type Shell = 'bash' | 'zsh' | 'fish';

const SCRIPTS: Readonly<Record<Shell, (spec: CompletionSpec) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** @param program What is to be completed. */
export function completionCommand(terminal: Terminal, program: Command, shell: Shell): void {
  terminal.out(SCRIPTS[shell](completionSpec(program)).trimEnd());
}
