import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Facet } from '../../../api/handlers.js';
import { asOf, place, setParams } from '../../router/location.js';
import { useAnswer } from '../../server/answers.js';
import { useWidth } from '../../shell/width.js';
import { visibleText } from '../../text/hidden-characters.js';

const NAMES = ['q', 'path', 'method', 'role', 'dependency', 'status', 'breaking'] as const;

/** What the list is narrowed by; all of it stands in the address. */
export function Filters(): VNode {
  const { value } = useAnswer('facets', asOf());
  const { params } = place.value;
  const isOpen = useSignal(false);
  const isNarrow = useWidth() < 700;
  const used = NAMES.filter((name) => params[name] !== undefined);
  if (isNarrow && !isOpen.value)
    return (
      <p>
        <button type="button" class="button" aria-expanded={false} onClick={() => (isOpen.value = true)}>
          Filters{used.length > 0 ? ` (${used.length})` : ''}
        </button>
      </p>
    );
  return (
    <form class="filters handlers" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <PathFilter />
      <Choice name="method" label="Method" facets={value?.methods} />
      <Choice name="role" label="Role" facets={value?.roles} />
      <Choice name="dependency" label="Needs" facets={value?.dependencies} />
      <Choice name="status" label="Status" facets={value?.statuses} />
      <Choice name="breaking" label="Callers" facets={BREAKING} words={BREAKING_WORDS} />
      <Choice name="sort" label="Order" facets={SORTS} words={SORT_WORDS} any="by id" />
      {used.length > 0 && (
        <button
          type="button"
          class="quiet-button"
          onClick={() => setParams(Object.fromEntries(NAMES.map((name) => [name, undefined])))}
        >
          Clear
        </button>
      )}
    </form>
  );
}

const BREAKING: readonly Facet[] = ['true', 'false'].map((value) => ({ value, handlers: 0 }));
const BREAKING_WORDS = { true: 'can break', false: 'cannot break' };
const SORT_WORDS = {
  '-deployed': 'newest first',
  deployed: 'oldest first',
  path: 'by path',
  '-versions': 'most versions',
};
const SORTS: readonly Facet[] = Object.keys(SORT_WORDS).map((value) => ({ value, handlers: 0 }));

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  /** `undefined`: they are asked for. */
  readonly facets: readonly Facet[] | undefined;
  readonly words?: Readonly<Record<string, string>>;
  readonly any?: string;
}

function Choice({ name, label, facets = [], words = {}, any = 'any' }: ChoiceProps): VNode {
  const chosen = place.value.params[name] ?? '';
  // An address may ask for what no handler has.
  const isKnown = chosen === '' || facets.some(({ value }) => value === chosen);
  return (
    <select
      aria-label={label}
      class={chosen === '' ? '' : 'set'}
      value={chosen}
      onChange={(event) => setParams({ [name]: event.currentTarget.value })}
    >
      <option value="">{`${label}: ${any}`}</option>
      {!isKnown && <option value={chosen}>{visibleText(chosen)}</option>}
      {facets.map(({ value, handlers }) => (
        <option key={value} value={value}>
          {words[value] ?? visibleText(value)}
          {handlers > 0 ? ` (${handlers})` : ''}
        </option>
      ))}
    </select>
  );
}

function PathFilter(): VNode {
  const pattern = place.value.params.path ?? '';
  return (
    <input
      type="text"
      aria-label="Path, or a pattern for it"
      class={pattern === '' ? 'path-filter' : 'path-filter set'}
      placeholder="Path: /users/**"
      spellcheck={false}
      value={pattern}
      onChange={(event) => setParams({ path: event.currentTarget.value })}
    />
  );
}
