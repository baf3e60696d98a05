import { type Signal, signal } from '@preact/signals';
import { go, link } from '../router/location.js';

/** Whether the list of keys is open. */
export const helpIsOpen: Signal<boolean> = signal(false);

/** What the keys do, for the list of them. */
export const SHORTCUTS: readonly (readonly [keys: string, what: string])[] = [
  ['/', 'Search'],
  ['↑ ↓ or j k', 'Move in a list'],
  ['Page Up, Page Down, Home, End', 'Move in a list by pages, or to its ends'],
  ['Enter', 'Open what has the focus'],
  ['Escape', 'Leave the search, close what is open'],
  ['[ and ]', 'One revision back or forward'],
  ['g o', 'Overview'],
  ['g c', 'Compare'],
  ['g b', 'Blast radius'],
  ['g t', 'Time'],
  ['g k', 'Check before deploying'],
  ['g h', 'Health'],
  ['t', 'Light or dark'],
  ['?', 'This list'],
];

const PLACES: Readonly<Record<string, readonly string[]>> = {
  o: [],
  c: ['compare'],
  b: ['impact'],
  t: ['commits'],
  k: ['check'],
  h: ['health'],
};

/** What the page does with keys that are pressed outside of fields. */
export interface KeyActions {
  readonly search: () => void;
  readonly step: (by: -1 | 1) => void;
  readonly toggleTheme: () => void;
}

/** Milliseconds in which the second key of two has to follow. */
const TOGETHER = 1200;

export function listenToKeys(actions: KeyActions): void {
  let lastG = Number.NEGATIVE_INFINITY;
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isField(event.target))
      return;
    const wanted = event.timeStamp - lastG < TOGETHER ? PLACES[event.key] : undefined;
    lastG = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
    const act = wanted === undefined ? actionOf(event.key, actions) : () => go(link(wanted));
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

function actionOf(key: string, { search, step, toggleTheme }: KeyActions): (() => void) | undefined {
  const all: Readonly<Record<string, () => void>> = {
    '/': search,
    '[': () => step(-1),
    ']': () => step(1),
    '?': () => {
      helpIsOpen.value = true;
    },
    t: toggleTheme,
  };
  return all[key];
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('input, textarea, select, [contenteditable], dialog') !== null
  );
}
