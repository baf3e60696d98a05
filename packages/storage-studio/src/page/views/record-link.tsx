import type { RecordKind } from '@gati-framework/manifest-store';
import type { VNode } from 'preact';
import type { Key } from '../../api/common.js';
import { link } from '../router/location.js';
import { DataText } from '../text/data-text.js';

/** One record of each kind, for people. */
export const KIND_WORDS: Readonly<Record<RecordKind, string>> = {
  manifest: 'manifest',
  hookManifest: 'hook manifest',
  gtype: 'GType',
  transformer: 'transformer',
  versionGraph: 'version graph',
  timescapeMetadata: 'Timescape metadata',
};

/** The view that says most of a record. */
export function recordPath(kind: RecordKind, [first, second]: Key): readonly string[] {
  switch (kind) {
    case 'manifest':
    case 'timescapeMetadata':
      return ['handlers', first, ...(second === undefined ? [] : [second])];
    case 'hookManifest':
    case 'versionGraph':
      return ['handlers', first];
    case 'gtype':
    case 'transformer':
      return ['impact', kind, first];
  }
}

interface RecordLinkProps {
  readonly kind: RecordKind;
  readonly recordKey: Key;
  /** Of another moment than what is shown. */
  readonly at?: number | undefined;
}

/** The name of a record, which leads to it. */
export function RecordLink({ kind, recordKey, at }: RecordLinkProps): VNode {
  return (
    <a class="mono" href={link(recordPath(kind, recordKey), at === undefined ? {} : { at: String(at) })}>
      {recordKey.map((part, i) => (
        <span key={i}>
          {i > 0 && ' '}
          <DataText text={part} />
        </span>
      ))}
    </a>
  );
}
