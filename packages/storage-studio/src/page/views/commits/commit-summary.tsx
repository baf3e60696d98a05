import type { RecordKind } from '@gati-framework/manifest-store';
import type { VNode } from 'preact';
import type { CommitView } from '../../../api/commits.js';

const SHORT: Readonly<Record<RecordKind, string>> = {
  manifest: 'manifests',
  hookManifest: 'hooks',
  gtype: 'types',
  transformer: 'transformers',
  versionGraph: 'graphs',
  timescapeMetadata: 'Timescape',
};

/** What a commit stored and deleted, by kind: `+93 manifests −1 types`. */
export function CommitSummary({ commit: { changes, changeCount } }: { readonly commit: CommitView }): VNode {
  const counts = new Map<RecordKind, { put: number; gone: number }>();
  let isCleared = false;
  for (const change of changes) {
    if (change.does === 'clear') {
      isCleared = true;
      continue;
    }
    const count = counts.get(change.kind) ?? { put: 0, gone: 0 };
    if (change.does === 'put') count.put++;
    else count.gone++;
    counts.set(change.kind, count);
  }
  return (
    <span class="commit-summary number">
      {isCleared && <b class="removed">cleared </b>}
      {Array.from(counts, ([kind, { put, gone }]) => (
        <span key={kind}>
          {put > 0 && <b class="added">+{put}</b>}
          {gone > 0 && <b class="removed">−{gone}</b>} {SHORT[kind]}{' '}
        </span>
      ))}
      {changes.length < changeCount && <span class="muted">… of {changeCount.toLocaleString('en')}</span>}
    </span>
  );
}
