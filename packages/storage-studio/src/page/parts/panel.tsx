import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';

export interface PanelProps {
  readonly title: string;
  /** At the end of its head. */
  readonly end?: ComponentChildren;
  /** Whether its content has its own margins. */
  readonly flush?: boolean;
  readonly children: ComponentChildren;
}

/** A part of a view with a heading of its own. */
export function Panel({ title, end, flush = false, children }: PanelProps): VNode {
  const id = useId();
  return (
    <section class="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {end !== undefined && <div class="end">{end}</div>}
      </header>
      <div class={flush ? '' : 'panel-body'}>{children}</div>
    </section>
  );
}
