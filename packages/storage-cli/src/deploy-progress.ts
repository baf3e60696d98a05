import type { DeployPhase } from '@gati-framework/storage-tools/deploy';
import { showPhases } from './phase-progress.js';
import type { ProgressOptions } from './progress.js';
import type { Terminal } from './terminal.js';
import { plural } from './text/words.js';

/** Of fewer changes a commit is made before anybody asks what is done. */
const MANY = 1_000;

/** How far a deployment has come: its bundle is read, compared with what is stored, and stored. */
export interface DeployProgress extends Disposable {
  readonly onRead: (records: number) => void;
  readonly onProgress: (records: number, all: number, phase: DeployPhase) => void;
}

export function showDeployProgress(
  terminal: Terminal,
  { quiet }: Pick<ProgressOptions, 'quiet'>,
): DeployProgress {
  const phases = showPhases(terminal, { quiet });
  return {
    onRead: (records) => phases.update('records read', records, undefined),
    onProgress: (records, all, phase) => {
      if (phase === 'comparing') phases.update('records compared', records, all);
      else if (all >= MANY) phases.say(`storing ${plural(all, 'record')} in one commit`);
    },
    [Symbol.dispose]: () => phases[Symbol.dispose](),
  };
}
