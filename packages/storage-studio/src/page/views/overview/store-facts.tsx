import type { ComponentChildren, VNode } from 'preact';
import { VerdictMark } from '../../parts/marks.js';
import { asOf, link } from '../../router/location.js';
import { useAnswer } from '../../server/answers.js';

/** How many there are of everything, and how the store is. Its room is there before the answer is. */
export function StoreFacts(): VNode {
  const { value } = useAnswer('overview', asOf());
  const counts = value?.counts;
  return (
    <dl class="facts" aria-label="The store">
      <Fact name="Handlers">{value?.handlers?.handlers ?? counts?.versionGraphCount}</Fact>
      <Fact name="Versions">{counts?.manifestCount}</Fact>
      <Fact name="Breaking">
        {value?.handlers && (
          <a href={link([], { breaking: 'true' })}>
            <VerdictMark verdict="breaking" word={String(value.handlers.breaking)} />
          </a>
        )}
      </Fact>
      <Fact name="Types">{counts && <a href={link(['impact', 'gtype'])}>{counts.gtypeCount}</a>}</Fact>
      <Fact name="Hook manifests">{counts?.hookManifestCount}</Fact>
      <Fact name="Transformers">
        {counts && <a href={link(['impact', 'transformer'])}>{counts.transformerCount}</a>}
      </Fact>
      <Fact name="Revision">
        {value && <a href={link(['commits', String(value.revision)])}>{value.revision}</a>}
      </Fact>
      <Fact name="History from">{value && (value.oldestRevision ?? 'none')}</Fact>
      <Fact name="Health">
        {value &&
          (value.health.status === 'ok'
            ? `ok, ${value.health.latency.toFixed(1)} ms`
            : (value.health.message ?? 'failed'))}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{typeof children === 'number' ? children.toLocaleString('en') : (children ?? '–')}</dd>
    </div>
  );
}
