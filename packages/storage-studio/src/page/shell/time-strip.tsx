import { type Signal, signal, useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { at, setParams } from '../router/location.js';
import { newest, oldest } from '../server/feed.js';
import { RevisionFacts } from './revision-facts.js';

/** Whether the slider is shown while everything is as of now. */
export const timeIsOpen: Signal<boolean> = signal(false);

/** Shows everything as of another revision; `undefined` is now. */
export function showAt(revision: number | undefined): void {
  if (revision !== undefined) timeIsOpen.value = true;
  setParams({
    at: revision === undefined || revision >= (newest.peek() ?? 0) ? undefined : String(revision),
  });
}

/** One revision back or forward, within what is kept. */
export function stepRevision(by: -1 | 1): void {
  const current = at.peek() ?? newest.peek();
  if (current !== undefined) showAt(Math.max(oldest.peek() ?? 0, current + by));
}

/** Milliseconds in which a slider that moves asks for nothing. */
const PAUSE = 150;

/** As of when everything is shown. It is there as long as that is not now. */
export function TimeStrip(): VNode | null {
  const [first, last] = [oldest.value, newest.value];
  const shown = at.value;
  if (shown === undefined && !timeIsOpen.value) return null;
  if (last === undefined || first === undefined) return null;
  return (
    <section class={`time-strip ${shown === undefined ? '' : 'past'}`} aria-label="As of">
      <p role="status">
        {shown === undefined ? <>Everything is shown as it is now.</> : <RevisionFacts revision={shown} />}
      </p>
      <Slider first={first} last={last} shown={shown ?? last} />
      <button
        type="button"
        class="button"
        onClick={() => {
          timeIsOpen.value = false;
          showAt(undefined);
        }}
      >
        {shown === undefined ? 'Close' : 'Back to now'}
      </button>
    </section>
  );
}

interface SliderProps {
  readonly first: number;
  readonly last: number;
  readonly shown: number;
}

function Slider({ first, last, shown }: SliderProps): VNode {
  const held = useSignal<number | undefined>(undefined);
  useEffect(() => {
    const wanted = held.value;
    if (wanted === undefined) return;
    const timer = setTimeout(() => {
      held.value = undefined;
      showAt(wanted);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [held.value]);
  const value = held.value ?? shown;
  return (
    <div class="time-slider">
      <button
        type="button"
        class="icon-button"
        aria-label="One revision back"
        disabled={value <= first}
        onClick={() => stepRevision(-1)}
      >
        <Icon name="left" />
      </button>
      <input
        type="range"
        aria-label="Revision"
        aria-valuetext={`revision ${value} of ${last}`}
        min={first}
        max={last}
        value={value}
        onInput={(event) => (held.value = event.currentTarget.valueAsNumber)}
      />
      <button
        type="button"
        class="icon-button"
        aria-label="One revision forward"
        disabled={value >= last}
        onClick={() => stepRevision(1)}
      >
        <Icon name="right" />
      </button>
      <output class="number">
        {value} / {last}
      </output>
    </div>
  );
}
