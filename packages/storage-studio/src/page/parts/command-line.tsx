import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { visibleText } from '../text/hidden-characters.js';
import { Icon } from './icon.js';

/** How long it is said that something was copied, in milliseconds. */
const SAID = 2000;

/** The line that says in a terminal what is shown here, to be copied. */
export function CommandLine({ command }: { readonly command: string }): VNode {
  const copied = useSignal(false);
  useEffect(() => {
    if (!copied.value) return;
    const timer = setTimeout(() => (copied.value = false), SAID);
    return () => clearTimeout(timer);
  }, [copied.value]);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(command);
    copied.value = true;
  };
  return (
    <div class="command-line">
      <code title={visibleText(command)}>
        <span class="prompt" aria-hidden="true">
          ${' '}
        </span>
        {visibleText(command)}
      </code>
      <button type="button" class="quiet-button" onClick={() => void copy()}>
        <Icon name={copied.value ? 'done' : 'copy'} />
        <span aria-live="polite">{copied.value ? 'Copied' : 'Copy as command'}</span>
      </button>
    </div>
  );
}
