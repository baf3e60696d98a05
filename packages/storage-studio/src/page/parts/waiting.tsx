import type { VNode } from 'preact';
import type { RequestError } from '../server/request.js';
import { LongText } from '../text/data-text.js';
import { Icon } from './icon.js';

/** In the place of what is not there yet, or why it does not come. */
export function Waiting({ error }: { readonly error?: RequestError | undefined }): VNode {
  if (error !== undefined) return <Failed error={error} />;
  return (
    <div class="waiting" role="status">
      <span>Loading …</span>
    </div>
  );
}

/** What the server says when it does not do what it was asked for. */
export function Failed({ error }: { readonly error: RequestError }): VNode {
  return (
    <div class="notice bad" role="alert">
      <Icon name="warning" />
      <span>
        <LongText text={error.message} /> <code>{error.code}</code>
      </span>
    </div>
  );
}
