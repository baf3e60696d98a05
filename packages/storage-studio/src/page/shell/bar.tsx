import { useSignal } from '@preact/signals';
import type { RefObject, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { at, go, link, place, setParams } from '../router/location.js';
import { feedState, newest, oldest } from '../server/feed.js';
import { helpIsOpen } from './shortcuts.js';
import { theme, toggleTheme } from './theme.js';
import { timeIsOpen } from './time-strip.js';

/** What is there in every view: the search, as of when, and how it looks. */
export function Bar({ search }: { readonly search: RefObject<HTMLInputElement | null> }): VNode {
  return (
    <header class="bar">
      <Search field={search} />
      <span class="spread" />
      <RevisionButton />
      <button
        type="button"
        class="icon-button"
        aria-label={theme.value === 'dark' ? 'Light' : 'Dark'}
        onClick={toggleTheme}
      >
        <Icon name={theme.value === 'dark' ? 'sun' : 'moon'} />
      </button>
      <button
        type="button"
        class="icon-button help-button"
        aria-label="Keys"
        onClick={() => (helpIsOpen.value = true)}
      >
        <Icon name="help" />
      </button>
    </header>
  );
}

/** Milliseconds after the last letter before it is searched for. */
const PAUSE = 120;

/** Searches the overview, which is where it leads from anywhere else. */
function Search({ field }: { readonly field: RefObject<HTMLInputElement | null> }): VNode {
  const { path, params } = place.value;
  const isOverview = path.length === 0;
  const typed = useSignal<string | undefined>(undefined);
  const searched = isOverview ? (params.q ?? '') : '';
  useEffect(() => {
    const q = typed.value;
    if (q === undefined) return;
    const timer = setTimeout(() => {
      typed.value = undefined;
      if (place.peek().path.length === 0) setParams({ q });
      else if (q !== '') go(link([], { q }));
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [typed.value]);
  return (
    <search class="search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        aria-label="Search handlers"
        aria-keyshortcuts="/"
        placeholder="Search ids, paths, roles, types, fields"
        autocomplete="off"
        spellcheck={false}
        value={typed.value ?? searched}
        onInput={(event) => (typed.value = event.currentTarget.value)}
        onKeyDown={leaveSearch}
      />
      <span class="key" aria-hidden="true">
        /
      </span>
    </search>
  );
}

/** Escape takes the words away first, and then the focus; the arrow leads into what was found. */
function leaveSearch(event: KeyboardEvent): void {
  const field = event.currentTarget as HTMLInputElement;
  if (event.key === 'Escape' && field.value === '') field.blur();
  if (event.key !== 'ArrowDown') return;
  event.preventDefault();
  document.querySelector<HTMLElement>('.virtual-list a')?.focus();
}

function RevisionButton(): VNode | null {
  const last = newest.value;
  if (last === undefined) return null;
  const shown = at.value;
  const state = shown === undefined ? feedState.value : 'past';
  const word = { live: 'live', waiting: 'waiting', past: `of ${last}` }[state];
  return (
    <button
      type="button"
      class={`revision-button ${state}`}
      aria-expanded={timeIsOpen.value || shown !== undefined}
      disabled={oldest.value === undefined}
      title={oldest.value === undefined ? 'This store keeps no past' : 'Look at another revision'}
      onClick={() => (timeIsOpen.value = !timeIsOpen.value)}
    >
      <span class="pulse" aria-hidden="true" />
      <span>
        <span class="revision-word">revision </span>
        {shown ?? last} {word}
      </span>
    </button>
  );
}
