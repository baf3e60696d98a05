import type { VNode } from 'preact';
import { link, place } from '../../router/location.js';
import { studio } from '../../server/feed.js';
import { CompareStates } from './compare-states.js';
import { CompareVersions } from './compare-versions.js';

/** What two of something say differently: versions of a handler, revisions, or stores. */
export function CompareView(): VNode {
  const { params } = place.value;
  const isStores = `${params.from} ${params.to}`.includes('other');
  const mode = params.from === undefined ? 'versions' : isStores ? 'stores' : 'revisions';
  return (
    <div class="view">
      {mode === 'versions' ? (
        <CompareVersions tabs={<Tabs mode={mode} />} />
      ) : (
        <CompareStates tabs={<Tabs mode={mode} />} />
      )}
    </div>
  );
}

function Tabs({ mode }: { readonly mode: 'versions' | 'revisions' | 'stores' }): VNode {
  const known = studio.value;
  const before = Math.max(known?.oldestRevision ?? 0, (known?.current ?? 1) - 1);
  const tabs = [
    { name: 'versions', href: link(['compare'], { at: undefined }), isThere: true },
    {
      name: 'revisions',
      href: link(['compare'], { from: `this@${before}`, to: 'this', at: undefined }),
      isThere: known?.oldestRevision !== undefined,
    },
    {
      name: 'stores',
      href: link(['compare'], { from: 'other', to: 'this', at: undefined }),
      isThere: known?.other !== undefined,
    },
  ] as const;
  return (
    <nav class="tabs" aria-label="What to compare">
      {tabs
        .filter(({ isThere, name }) => isThere || name === mode)
        .map(({ name, href }) => (
          <a key={name} href={href} aria-current={name === mode ? 'page' : undefined}>
            {name}
          </a>
        ))}
    </nav>
  );
}
