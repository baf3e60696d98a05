import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { type Place, readPlace, writePlace } from './place.js';

const fragment = signal(location.hash);

/** Where the page is. */
export const place: ReadonlySignal<Place> = computed(() => readPlace(fragment.value));

/** The revision as of which everything is shown; `undefined` for now. */
export const at: ReadonlySignal<number | undefined> = computed(() => {
  const text = place.value.params.at;
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
});

/** What every question about the store asks along: as of which revision. */
export function asOf(): { readonly at?: number } {
  return at.value === undefined ? {} : { at: at.value };
}

/** Looks at the address, after something else has changed it. */
export function syncAddress(): void {
  fragment.value = location.hash;
}

/** Where a view was scrolled to when it was left, by its address. Bounded, as a session may last for days. */
const scrolled = new Map<string, number>();
const MOST_POSITIONS = 100;

/** Set by a click on a link: what follows is a step forward, and not one back in the history. */
let isStepForward = false;

/** Follows the address. `scroller` is what scrolls, and `arrive` is called after each step to another place. */
export function followAddress(scroller: () => Element | null, arrive: () => void): void {
  addEventListener('click', (event) => (isStepForward ||= isStep(event)), { capture: true });
  addEventListener('popstate', () => {
    remember(scroller()?.scrollTop ?? 0);
    const before = place.value.path.join('/');
    fragment.value = location.hash;
    const top = isStepForward ? 0 : (scrolled.get(location.hash) ?? 0);
    isStepForward = false;
    if (before !== place.value.path.join('/')) arrive();
    requestAnimationFrame(() => scroller()?.scrollTo(0, top));
  });
}

/** A click on a link that leads elsewhere in this tab, and not in a new one. */
function isStep({ target, ctrlKey, metaKey, shiftKey }: MouseEvent): boolean {
  return !ctrlKey && !metaKey && !shiftKey && target instanceof Element && target.closest('a') !== null;
}

function remember(top: number): void {
  scrolled.delete(fragment.value);
  scrolled.set(fragment.value, top);
  const [oldest] = scrolled.keys();
  if (scrolled.size > MOST_POSITIONS && oldest !== undefined) scrolled.delete(oldest);
}

/** The address of another place, as of the same revision. */
export function link(
  path: readonly string[],
  params: Readonly<Record<string, string | undefined>> = {},
): string {
  return writePlace(path, { at: at.value?.toString(), ...params });
}

/** Goes to a place as a click on a link to it would. */
export function go(address: string): void {
  isStepForward = true;
  location.hash = address;
}

/** Changes parameters of this place, without a step in the history: a filter that is typed would make one for each letter. */
export function setParams(changes: Readonly<Record<string, string | undefined>>): void {
  const { path, params } = place.value;
  history.replaceState(null, '', writePlace(path, { ...params, ...changes }));
  fragment.value = location.hash;
}
