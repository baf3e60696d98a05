import { type Progress, type ProgressOptions, showProgress } from './progress.js';
import type { Terminal } from './terminal.js';

/** How far work has come that does one thing after the other. */
export interface PhaseProgress extends Disposable {
  /** @param unit What is counted, which tells the phases apart. */
  readonly update: (unit: string, done: number, total: number | undefined) => void;
  /** Tells on a terminal of a phase that nothing is heard of until it is over. */
  readonly say: (text: string) => void;
}

export function showPhases(terminal: Terminal, { quiet }: Pick<ProgressOptions, 'quiet'>): PhaseProgress {
  let shown: { readonly unit: string; readonly progress: Progress } | undefined;
  const clear = (): void => shown?.progress.clear();
  const change = (unit: string, total: number | undefined): Progress => {
    clear();
    shown = { unit, progress: showProgress(terminal, { unit, total, quiet }) };
    return shown.progress;
  };
  const update = (unit: string, done: number, total: number | undefined): void => {
    const progress = shown?.unit === unit ? shown.progress : change(unit, total);
    progress.update(done);
  };
  return { update, say: (text) => change(text, undefined).say(text), [Symbol.dispose]: clear };
}
