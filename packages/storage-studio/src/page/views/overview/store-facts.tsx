import type { ComponentChildren, VNode } from 'preact';
import type { Overview } from '../../../api/overview.js';
import { VerdictMark } from '../../parts/marks.js';
import { TimeAgo } from '../../parts/time.js';
import { asOf, link } from '../../router/location.js';
import { useAnswer } from '../../server/answers.js';
import { sizeText } from '../../text/size-text.js';
import { cacheText, feedText, healthText } from '../health/figure-texts.js';

/** How many there are of everything, and how the store is. Its room is there before the answer is. */
export function StoreFacts(): VNode {
  const { value } = useAnswer('overview', asOf());
  return (
    <div class="store-facts">
      <Counts overview={value} />
      <State overview={value} />
    </div>
  );
}

interface KnownProps {
  /** `undefined`: it is asked for. */
  readonly overview: Overview | undefined;
}

function Counts({ overview }: KnownProps): VNode {
  const counts = overview?.counts;
  return (
    <dl class="facts" aria-label="Records">
      <Fact name="Handlers">{overview?.handlers?.handlers ?? counts?.versionGraphCount}</Fact>
      <Fact name="Versions">{counts?.manifestCount}</Fact>
      <Fact name="Breaking">
        {overview?.handlers && (
          <a href={link([], { breaking: 'true' })}>
            <VerdictMark verdict="breaking" word={String(overview.handlers.breaking)} />
          </a>
        )}
      </Fact>
      <Fact name="Types">{counts && <a href={link(['impact', 'gtype'])}>{counts.gtypeCount}</a>}</Fact>
      <Fact name="Hook manifests">{counts?.hookManifestCount}</Fact>
      <Fact name="Transformers">
        {counts && <a href={link(['impact', 'transformer'])}>{counts.transformerCount}</a>}
      </Fact>
    </dl>
  );
}

/** What not every backend tells stays a dash. */
function State({ overview }: KnownProps): VNode {
  const { revision, oldestRevision, health, figures } = overview ?? {};
  const { bytes, feed, cache, lastError } = figures ?? {};
  return (
    <dl class="facts state" aria-label="The store">
      <Fact name="Revision">
        {revision !== undefined && <a href={link(['commits', String(revision)])}>{revision}</a>}
      </Fact>
      <Fact name="History from">{overview && (oldestRevision ?? 'none')}</Fact>
      <Fact name="Health">{health && <a href={link(['health'])}>{healthText(health)}</a>}</Fact>
      <Fact name="Last error">
        {overview && (lastError === undefined ? 'none' : <TimeAgo time={lastError.at} />)}
      </Fact>
      <Fact name="Hears of commits">{feed && feedText(feed)}</Fact>
      <Fact name="Cache hits">{cache && cacheText(cache)}</Fact>
      <Fact name="Size">{bytes !== undefined && sizeText(bytes)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{typeof children === 'number' ? children.toLocaleString('en') : children || '–'}</dd>
    </div>
  );
}
