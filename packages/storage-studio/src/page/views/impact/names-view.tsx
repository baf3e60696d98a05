import type { VNode } from 'preact';
import type { ImpactOf } from '../../../api/impact.js';
import { MoreButton } from '../../parts/more-button.js';
import { Waiting } from '../../parts/waiting.js';
import { asOf, link, place, setParams } from '../../router/location.js';
import { useList } from '../../server/lists.js';
import { DataText } from '../../text/data-text.js';
import { PageHead } from '../page-head.js';

const TABS = [
  ['gtype', 'GTypes'],
  ['hook', 'hooks'],
  ['transformer', 'transformers'],
  ['dependency', 'dependencies'],
] as const;

/** What versions of handlers can depend on, to choose from. */
export function NamesView({ of }: { readonly of: ImpactOf }): VNode {
  const { q } = place.value.params;
  const { first, items, error, more } = useList('names', {
    of,
    ...(q === undefined ? {} : { q }),
    ...asOf(),
  });
  return (
    <div class="view">
      <PageHead title="Blast radius" command={first?.command}>
        <nav class="tabs" aria-label="Of what">
          {TABS.map(([kind, name]) => (
            <a key={kind} href={link(['impact', kind])} aria-current={kind === of ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
      </PageHead>
      <p class="sub">
        Choose something to see every version of a handler that depends on it, directly or through types.
      </p>
      <form class="filters" aria-label="Filter" onSubmit={(event) => event.preventDefault()}>
        <input
          type="search"
          aria-label="Part of the name"
          placeholder="Part of the name"
          spellcheck={false}
          value={q ?? ''}
          onInput={(event) => setParams({ q: event.currentTarget.value })}
        />
        <output class="count">
          {first === undefined ? ' ' : `${first.total.toLocaleString('en')} in all`}
        </output>
      </form>
      {first === undefined ? (
        <Waiting error={error} />
      ) : (
        <ul class="names">
          {items.map(({ name }) => (
            <li key={name}>
              <a class="mono" href={link(['impact', of, name])}>
                <DataText text={name} />
              </a>
            </li>
          ))}
        </ul>
      )}
      {first?.total === 0 && <p class="empty">There is none.</p>}
      <MoreButton more={more} />
    </div>
  );
}
