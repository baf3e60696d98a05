import type { VNode } from 'preact';
import type { TransformerView } from '../../../api/handler.js';
import { Panel } from '../../parts/panel.js';
import { link } from '../../router/location.js';
import { DataText, LongText } from '../../text/data-text.js';

/** What turns a version into another one, step by step. */
export function TransformersPanel({
  transformers,
}: {
  readonly transformers: readonly TransformerView[];
}): VNode | null {
  if (transformers.length === 0) return null;
  return (
    <Panel title={transformers.length === 1 ? 'Transformer' : `${transformers.length} transformers`}>
      {transformers.map((transformer) => (
        <TransformerDetails key={transformer.id} transformer={transformer} />
      ))}
    </Panel>
  );
}

export function TransformerDetails({ transformer }: { readonly transformer: TransformerView }): VNode {
  const { id, from, to, direction, steps, stepCount } = transformer;
  return (
    <div class="transformer">
      <h3>
        <a class="mono" href={link(['impact', 'transformer', id])}>
          <DataText text={id} />
        </a>{' '}
        <span class="muted">
          <DataText text={from} /> → <DataText text={to} />, {direction}
        </span>
      </h3>
      <ol class="steps">
        {steps.map(({ path, type, details }, i) => (
          <li key={i}>
            <span class="tag">
              <DataText text={type} />
            </span>{' '}
            <span class="mono">
              <DataText text={path} />
            </span>{' '}
            <span class="mono muted">
              <LongText text={details.text.replace(/\s+/g, ' ')} shown={160} />
            </span>
          </li>
        ))}
      </ol>
      {steps.length < stepCount && (
        <p class="muted">
          The first {steps.length} of {stepCount} steps.
        </p>
      )}
    </div>
  );
}
