import type { CopyPhase } from '@gati-framework/storage-tools/copy';
import { type Progress, type ProgressOptions, showProgress } from './progress.js';
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
  let shown: { readonly phase: CopyPhase; readonly progress: Progress } | undefined;
  let stored = total;
  const clear = (): void => shown?.progress.clear();
  const onProgress = (records: number, phase: CopyPhase): void => {
    if (shown?.phase !== phase) {
      clear();
      const known = phase === 'checking' ? stored : total;
      shown = { phase, progress: showProgress(terminal, { unit: UNITS[phase], total: known, quiet }) };
    }
    if (phase === 'storing') stored = records;
    shown.progress.update(records);
  };
  return { onProgress, [Symbol.dispose]: clear };
}
