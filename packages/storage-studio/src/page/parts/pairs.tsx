import type { ComponentChildren, VNode } from 'preact';

/** Names and values; a pair whose value is absent or false is left out. */
export function Pairs({
  pairs,
}: {
  readonly pairs: readonly (readonly [name: string, value: ComponentChildren])[];
}): VNode {
  return (
    <dl class="pairs">
      {pairs
        .filter(([, value]) => value !== undefined && value !== false && value !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
