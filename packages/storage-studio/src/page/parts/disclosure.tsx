import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icon.js';

export interface DisclosureProps {
  readonly summary: ComponentChildren;
  readonly isOpen?: boolean;
  /** Made when it is opened for the first time: what nobody looks at costs nothing. */
  readonly children: () => ComponentChildren;
}

/** Something that can be opened in place. */
export function Disclosure({ summary, isOpen = false, children }: DisclosureProps): VNode {
  const open = useSignal(isOpen);
  const id = useId();
  return (
    <div class={`disclosure ${open.value ? 'open' : ''}`}>
      <button
        type="button"
        class="disclosure-button"
        aria-expanded={open.value}
        aria-controls={open.value ? id : undefined}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name="open" size={12} />
        {summary}
      </button>
      {open.value && (
        <div class="disclosure-body" id={id}>
          {children()}
        </div>
      )}
    </div>
  );
}
