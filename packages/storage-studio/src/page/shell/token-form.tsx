import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { keepToken } from '../server/token.js';

/** What is shown to who has not been given the address that the command printed. */
export function TokenForm(): VNode {
  const text = useSignal('');
  const submit = (event: Event): void => {
    event.preventDefault();
    // The whole address is what people have in their clipboard.
    keepToken(text.value.trim().replace(/^.*#token=/, ''));
  };
  return (
    <main class="token-form">
      <h1>Open the address that the command printed</h1>
      <p>
        <code>gati-storage studio</code> prints an address with a token in it, which proves that it is you who
        asks. This tab does not have it, or the studio was started anew.
      </p>
      <form onSubmit={submit}>
        <label class="field-label">
          Address or token
          <input
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={text.value}
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button first" disabled={text.value.trim() === ''}>
          Open
        </button>
      </form>
    </main>
  );
}
