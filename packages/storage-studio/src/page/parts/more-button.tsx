import type { VNode } from 'preact';

/** At the end of a part of a list. */
export function MoreButton({ more }: { readonly more: (() => void) | undefined }): VNode | null {
  if (more === undefined) return null;
  return (
    <p class="more">
      <button type="button" class="button" onClick={more}>
        Show more
      </button>
    </p>
  );
}
