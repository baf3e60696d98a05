import { type Progress, type ProgressOptions, showProgress } from './progress.js';
import type { Terminal } from './terminal.js';

/** How far work has come that does one thing after the other. */
export interface PhaseProgress extends Disposable {
  /** @param unit What is counted, which tells the phases apart. */
  readonly update: (unit: string, done: number, total: number | undefined) => void;
}

export function showPhases(terminal: Terminal, { quiet }: Pick<ProgressOptions, 'quiet'>): PhaseProgress {
  let shown: { readonly unit: string; readonly progress: Progress } | undefined;
  const clear = (): void => shown?.progress.clear();
  const update = (unit: string, done: number, total: number | undefined): void => {
    if (shown?.unit !== unit) {
      clear();
      shown = { unit, progress: showProgress(terminal, { unit, total, quiet }) };
    }
    shown.progress.update(done);
  };
  return { update, [Symbol.dispose]: clear };
}
