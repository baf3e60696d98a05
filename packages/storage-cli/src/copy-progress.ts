import type { CopyPhase } from '@gati-framework/storage-tools/copy';
import { showPhases } from './phase-progress.js';
import type { ProgressOptions } from './progress.js';
import type { Terminal } from './terminal.js';

const UNITS: Readonly<Record<CopyPhase, string>> = { storing: 'records', checking: 'records compared' };

/** How far a copy has come, one phase after the other. */
export interface CopyProgress extends Disposable {
  readonly onProgress: (records: number, phase: CopyPhase) => void;
}

/** @param options `total` where the source tells it; what is compared is what was stored. */
export function showCopyProgress(
  terminal: Terminal,
  { total, quiet }: Pick<ProgressOptions, 'total' | 'quiet'>,
): CopyProgress {
  const phases = showPhases(terminal, { quiet });
  let stored = total;
  const onProgress = (records: number, phase: CopyPhase): void => {
    if (phase === 'storing') stored = records;
    phases.update(UNITS[phase], records, phase === 'checking' ? stored : total);
  };
  return { onProgress, [Symbol.dispose]: () => phases[Symbol.dispose]() };
}
