import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { HandlerView, VersionRow } from '../../../api/handler.js';
import { StatusMark, VerdictMark } from '../../parts/marks.js';
import { TimeAgo } from '../../parts/time.js';
import { link } from '../../router/location.js';
import { DataText } from '../../text/data-text.js';

/** Versions that are shown until somebody wants all. */
const SHOWN = 6;

/** The versions of a handler, the newest first. */
export function VersionsTable({
  handler,
  selected,
}: {
  readonly handler: HandlerView;
  readonly selected: string | undefined;
}): VNode {
  const isWhole = useSignal(false);
  const newestFirst = [...handler.versions].reverse();
  const shown = isWhole.value ? newestFirst : newestFirst.slice(0, SHOWN);
  return (
    <div class="table-scroll panel-body">
      <table class="table" aria-label="Versions">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Made from</th>
            <th scope="col">Callers</th>
            <th scope="col">Status</th>
            <th scope="col">Deployed</th>
            <th scope="col">Commit</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <Row key={row.version} row={row} handler={handler} isSelected={row.version === selected} />
          ))}
        </tbody>
      </table>
      {shown.length < newestFirst.length && (
        <button type="button" class="inline-button" onClick={() => (isWhole.value = true)}>
          show all {newestFirst.length}
        </button>
      )}
      {newestFirst.length < handler.versionCount && isWhole.value && (
        <p class="muted">
          The newest {newestFirst.length} of {handler.versionCount}.
        </p>
      )}
    </div>
  );
}

interface RowProps {
  readonly row: VersionRow;
  readonly handler: HandlerView;
  readonly isSelected: boolean;
}

function Row({ row, handler: { handlerId, current, latest }, isSelected }: RowProps): VNode {
  const { version, parent, breaking, status, rollout, commit, active } = row;
  const marks = [
    ...(version === current ? ['current'] : []),
    ...(version === latest ? ['latest'] : []),
    ...(active ? [] : ['inactive']),
    ...(row.stored ? [] : ['no manifest']),
    ...(row.inGraph ? [] : ['not in the graph']),
  ];
  return (
    <tr aria-current={isSelected ? 'true' : undefined}>
      <th scope="row">
        <a class="mono" href={link(['handlers', handlerId, version])}>
          <DataText text={version} />
        </a>{' '}
        {marks.map((mark) => (
          <span key={mark} class="tag">
            {mark}
          </span>
        ))}
      </th>
      <td>
        {parent === undefined ? (
          <span class="muted">first</span>
        ) : (
          <Parent handlerId={handlerId} parent={parent} version={version} />
        )}
      </td>
      <td>
        {parent === undefined ? (
          ''
        ) : (
          <VerdictMark
            verdict={breaking ? 'breaking' : 'compatible'}
            word={breaking ? 'can break' : 'go on'}
          />
        )}
      </td>
      <td>
        <StatusMark status={status} />
        {rollout !== undefined && <span class="muted number"> {rollout} %</span>}
      </td>
      <td>
        <TimeAgo time={row.deployedAt ?? row.createdAt} />
      </td>
      <td>
        {commit === undefined ? (
          ''
        ) : (
          <a href={link(['commits', String(commit.revision)])}>r{commit.revision}</a>
        )}
      </td>
    </tr>
  );
}

interface ParentProps {
  readonly handlerId: string;
  readonly parent: string;
  readonly version: string;
}

/** Leads to what differs. */
function Parent({ handlerId, parent, version }: ParentProps): VNode {
  return (
    <a class="mono" href={link(['compare'], { id: handlerId, before: parent, after: version })}>
      <DataText text={parent} />
    </a>
  );
}
