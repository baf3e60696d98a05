import type { VNode } from 'preact';
import { place, setParams } from '../../router/location.js';

/** Whether differences in the bodies of errors count, too. */
export function StrictErrors(): VNode {
  return (
    <label class="check-label">
      <input
        type="checkbox"
        checked={place.value.params.strict === 'true'}
        onChange={(event) => setParams({ strict: event.currentTarget.checked ? 'true' : undefined })}
      />
      Bodies of errors count, too
    </label>
  );
}
