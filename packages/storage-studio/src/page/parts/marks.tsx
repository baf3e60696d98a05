import type { Verdict } from '@gati-framework/api-import';
import type { VNode } from 'preact';
import type { Text } from '../../api/common.js';
import type { VersionStatus } from '../../api/handlers.js';
import { visibleText } from '../text/hidden-characters.js';
import { sentText } from '../text/stored-text.js';
import { Icon } from './icon.js';

const WORDS: Readonly<Record<Verdict, string>> = {
  breaking: 'Breaking',
  compatible: 'Compatible',
  unknown: 'Cannot be told',
};

/** What a difference does to callers: by its shape, its word and its colour. */
export function VerdictMark({ verdict, word }: { readonly verdict: Verdict; readonly word?: string }): VNode {
  return (
    <span class={`mark ${verdict}`}>
      <Icon name={verdict} size={14} />
      {word ?? WORDS[verdict]}
    </span>
  );
}

/** How a version is deployed: the dot is empty, half or full. */
export function StatusMark({ status }: { readonly status: VersionStatus | undefined }): VNode {
  if (status === undefined)
    return (
      <span class="status none" title="Timescape knows nothing of it">
        –
      </span>
    );
  return (
    <span class={`status ${status}`}>
      <span class="dot" aria-hidden="true" />
      {status}
    </span>
  );
}

/** A method, or several: `GET`. */
export function Methods({ method }: { readonly method: readonly Text[] | undefined }): VNode {
  const methods = (method ?? []).map(sentText).map(visibleText).join(' ');
  return <span class="methods mono">{methods === '' ? '–' : methods}</span>;
}
