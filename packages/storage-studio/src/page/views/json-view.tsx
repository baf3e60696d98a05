import type { VNode } from 'preact';
import type { JsonText } from '../../api/common.js';
import { lengthText } from '../text/cut-text.js';
import { LongText } from '../text/data-text.js';

/** Code units that are shown until somebody wants all. */
const SHOWN = 20_000;

/** JSON of something that is stored, as far as it was sent. */
export function JsonView({ json }: { readonly json: JsonText }): VNode {
  return (
    // Whoever has no pointer scrolls it with arrows.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard
    <section class="record mono" aria-label="JSON" tabIndex={0}>
      <LongText text={json.text} shown={SHOWN} />
      {json.text.length < json.length && (
        <p class="muted">
          These are the first {lengthText(json.text.length)} of {lengthText(json.length)}.
        </p>
      )}
    </section>
  );
}
