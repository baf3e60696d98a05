import type { Signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { CheckQuery } from '../../../api/check.js';

/** How a document is to be read. */
export interface Chosen {
  readonly api: string;
  readonly versionName: string;
  readonly insert: boolean;
  readonly strictErrors: boolean;
}

export const NOTHING_CHOSEN: Chosen = { api: '', versionName: '', insert: false, strictErrors: false };

/** What was chosen, without what was not. */
export function queryOf({ api, versionName, insert, strictErrors }: Chosen): Omit<CheckQuery, 'name'> {
  return {
    ...(api === '' ? {} : { api }),
    ...(versionName === '' ? {} : { versionName }),
    ...(insert ? { insert } : {}),
    ...(strictErrors ? { strictErrors } : {}),
  };
}

export function CheckOptions({ chosen }: { readonly chosen: Signal<Chosen> }): VNode {
  const set = (change: Partial<Chosen>): void => {
    chosen.value = { ...chosen.peek(), ...change };
  };
  const { api, versionName, insert, strictErrors } = chosen.value;
  return (
    <form class="filters" aria-label="How to read it" onSubmit={(event) => event.preventDefault()}>
      <label class="field-label">
        API
        <input
          type="text"
          placeholder="by its title"
          value={api}
          onChange={(event) => set({ api: event.currentTarget.value })}
        />
      </label>
      <label class="field-label">
        Version name
        <input
          type="text"
          placeholder="as in the document"
          value={versionName}
          onChange={(event) => set({ versionName: event.currentTarget.value })}
        />
      </label>
      <label class="check-label">
        <input
          type="checkbox"
          checked={insert}
          onChange={(event) => set({ insert: event.currentTarget.checked })}
        />
        Older ones take their place before others
      </label>
      <label class="check-label">
        <input
          type="checkbox"
          checked={strictErrors}
          onChange={(event) => set({ strictErrors: event.currentTarget.checked })}
        />
        Bodies of errors count, too
      </label>
    </form>
  );
}
