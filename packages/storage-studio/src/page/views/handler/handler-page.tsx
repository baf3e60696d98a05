import type { VNode } from 'preact';
import type { HandlerView, VersionView } from '../../../api/handler.js';
import { VersionGraphView } from '../../graph/version-graph.js';
import { Methods } from '../../parts/marks.js';
import { Panel } from '../../parts/panel.js';
import { Waiting } from '../../parts/waiting.js';
import { asOf, link } from '../../router/location.js';
import { useAnswer } from '../../server/answers.js';
import { canWrite } from '../../shell/side.js';
import { DataText } from '../../text/data-text.js';
import { PageHead } from '../page-head.js';
import { ContractPanels } from './contract-panels.js';
import { FactsPanels } from './facts-panels.js';
import { TransformersPanel } from './transformers-panel.js';
import { VersionsTable } from './versions-table.js';

export interface HandlerPageProps {
  readonly id: string;
  /** Absent: the latest. */
  readonly version: string | undefined;
}

/** A handler with its versions, and one of them with everything that belongs to it. */
export function HandlerPage({ id, version }: HandlerPageProps): VNode {
  const revision = asOf();
  const handler = useAnswer('handler', { id, ...revision });
  const shown = useAnswer('version', { id, ...(version === undefined ? {} : { version }), ...revision });
  const selected = shown.value?.row.version ?? version;
  return (
    <div class="view">
      <PageHead
        title={id}
        heading={<DataText text={id} />}
        command={shown.value?.command ?? handler.value?.command}
      >
        {shown.value !== undefined && <Subtitle view={shown.value} />}
      </PageHead>
      {handler.value === undefined ? (
        <Waiting error={handler.error} />
      ) : (
        <Versions handler={handler.value} selected={selected} />
      )}
      {shown.value === undefined ? (
        handler.value !== undefined && <Waiting error={shown.error} />
      ) : (
        <Version view={shown.value} handlerId={id} />
      )}
    </div>
  );
}

function Subtitle({ view: { manifest, row } }: { readonly view: VersionView }): VNode {
  return (
    <p class="sub">
      {manifest !== undefined && (
        <>
          <Methods method={manifest.methods} />{' '}
          <span class="mono">
            <DataText text={manifest.path} />
          </span>{' '}
          ·{' '}
        </>
      )}
      version{' '}
      <span class="mono">
        <DataText text={row.version} />
      </span>
    </p>
  );
}

function Versions({
  handler,
  selected,
}: {
  readonly handler: HandlerView;
  readonly selected: string | undefined;
}): VNode {
  const { handlerId, versionCount } = handler;
  const end = (
    <>
      <a href={link(['commits'], { handler: handlerId })}>Its commits</a>
      {canWrite() && (
        <>
          {' · '}
          <a href={link(['change', 'delete'], { id: handlerId })}>Delete…</a>
        </>
      )}
    </>
  );
  return (
    <Panel title={versionCount === 1 ? '1 version' : `${versionCount} versions`} end={end} flush>
      {versionCount > 1 && <VersionGraphView handler={handler} selected={selected} />}
      <VersionsTable handler={handler} selected={selected} />
    </Panel>
  );
}

function Version({ view, handlerId }: { readonly view: VersionView; readonly handlerId: string }): VNode {
  return (
    <div class="columns">
      <div>
        <ContractPanels view={view} handlerId={handlerId} />
        <TransformersPanel transformers={view.transformers} />
      </div>
      <aside aria-label="Facts of this version">
        <FactsPanels view={view} handlerId={handlerId} />
      </aside>
    </div>
  );
}
