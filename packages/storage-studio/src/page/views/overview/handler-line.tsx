import type { VNode } from 'preact';
import type { HandlerRow } from '../../../api/handlers.js';
import { Methods, StatusMark, VerdictMark } from '../../parts/marks.js';
import { TimeAgo } from '../../parts/time.js';
import { link } from '../../router/location.js';
import { DataText } from '../../text/data-text.js';

export function HandlerHeading(): VNode {
  return (
    <div class="handler-row heading" aria-hidden="true">
      <span>Method</span>
      <span>Path</span>
      <span>Handler</span>
      <span>Version</span>
      <span>Callers</span>
      <span>Status</span>
      <span class="when">Deployed</span>
    </div>
  );
}

/** A handler in the list; the whole line leads to it. */
export function HandlerLine({ row }: { readonly row: HandlerRow | undefined }): VNode {
  if (row === undefined) return <span class="row-placeholder" />;
  const { handlerId, methods, path, version, versions, matching } = row;
  return (
    <a class="handler-row" href={link(['handlers', handlerId, ...(matching < versions ? [version] : [])])}>
      <Methods method={methods} />
      <span class="path mono">{path === undefined ? 'no manifest' : <DataText text={path} />}</span>
      <span class="id">
        <DataText text={handlerId} />
        <Found row={row} />
      </span>
      <span class="version mono">
        <DataText text={version} />
        {versions > 1 && <span class="muted"> of {versions}</span>}
      </span>
      <span class="breaking-cell">
        {row.breaking ? <VerdictMark verdict="breaking" /> : <span class="only-heard">not breaking</span>}
      </span>
      <StatusMark status={row.status} />
      <span class="when">
        <TimeAgo time={row.deployedAt ?? row.commit.committedAt} />{' '}
        <span class="revision">r{row.commit.revision}</span>
      </span>
    </a>
  );
}

/** Why a handler was found whose id does not hold the word. */
function Found({ row: { found } }: { readonly row: HandlerRow }): VNode | null {
  if (found === undefined) return null;
  return (
    <span class="found">
      {' '}
      {found.in} <DataText text={found.text} />
    </span>
  );
}
