import { type ReadonlySignal, signal } from '@preact/signals';

const current = signal(innerWidth);
addEventListener('resize', () => (current.value = innerWidth));

const width: ReadonlySignal<number> = current;

/** Pixels that the page is wide. */
export function useWidth(): number {
  return width.value;
}
