import type { VNode } from 'preact';
import type { Impact, ImpactOf, ImpactRow } from '../../../api/impact.js';
import { StatusMark } from '../../parts/marks.js';
import { MoreButton } from '../../parts/more-button.js';
import { Panel } from '../../parts/panel.js';
import { Waiting } from '../../parts/waiting.js';
import { asOf, link } from '../../router/location.js';
import { useAnswer } from '../../server/answers.js';
import { useList } from '../../server/lists.js';
import { canWrite } from '../../shell/side.js';
import { DataText } from '../../text/data-text.js';
import { sentText } from '../../text/stored-text.js';
import { TypeTree } from '../../types/type-tree.js';
import { JsonView } from '../json-view.js';
import { PageHead } from '../page-head.js';

const WORDS: Readonly<Record<ImpactOf, string>> = {
  gtype: 'GType',
  hook: 'hook',
  transformer: 'transformer',
  dependency: 'module or plugin',
};

interface ImpactProps {
  readonly of: ImpactOf;
  readonly name: string;
}

/** Something that versions depend on, and every version that does. */
export function ImpactView({ of, name }: ImpactProps): VNode {
  const { first, items, error, more } = useList('impact', { of, name, ...asOf() });
  return (
    <div class="view">
      <PageHead title={name} heading={<DataText text={name} />} command={first?.command}>
        <p class="sub">
          {WORDS[of]} · <a href={link(['impact', of])}>all of them</a>
          {canWrite() && (of === 'gtype' || of === 'transformer') && (
            <>
              {' · '}
              <a href={link(['change', 'delete'], { kind: of, key: name })}>Delete…</a>
            </>
          )}
        </p>
      </PageHead>
      <div class="columns even swapped">
        <Panel title="Blast radius" end={first && <ImpactCounts impact={first} />} flush>
          {first === undefined ? <Waiting error={error} /> : <ImpactList items={items} of={of} />}
          <MoreButton more={more} />
        </Panel>
        {first !== undefined && <Subject of={of} name={name} isStored={first.stored} />}
      </div>
    </div>
  );
}

function ImpactCounts({ impact: { total, handlers } }: { readonly impact: Impact }): VNode {
  return (
    <span class="muted">
      {total.toLocaleString('en')} {total === 1 ? 'version' : 'versions'} of {handlers.toLocaleString('en')}{' '}
      {handlers === 1 ? 'handler' : 'handlers'}
    </span>
  );
}

/** By handler, in the order in which they come. */
function ImpactList({ items, of }: { readonly items: readonly ImpactRow[]; readonly of: ImpactOf }): VNode {
  if (items.length === 0) return <p class="empty">No version of any handler depends on it.</p>;
  const byHandler = Map.groupBy(items, ({ handlerId }) => handlerId);
  return (
    <ul class="impact">
      {Array.from(byHandler, ([handlerId, rows]) => (
        <li key={handlerId}>
          <a href={link(['handlers', handlerId])}>
            <DataText text={handlerId} />
          </a>
          <ul>
            {rows.map((row) => (
              <ImpactLine key={row.version} row={row} of={of} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function ImpactLine({ row, of }: { readonly row: ImpactRow; readonly of: ImpactOf }): VNode {
  const { handlerId, version, latest, status, places, via } = row;
  return (
    <li>
      <a class="mono" href={link(['handlers', handlerId, version])}>
        <DataText text={version} />
      </a>
      {latest && <span class="tag">latest</span>}
      {status !== undefined && <StatusMark status={status} />}
      <span class="muted mono">{places.join(', ')}</span>
      {of === 'gtype' && via.length > 1 && (
        <span class="via mono">
          {via.map((ref, i) => (
            <span key={i}>
              {i > 0 && <span class="muted"> → </span>}
              <a href={link(['impact', 'gtype', sentText(ref)])}>
                <DataText text={ref} />
              </a>
            </span>
          ))}
        </span>
      )}
    </li>
  );
}

interface SubjectProps extends ImpactProps {
  readonly isStored: boolean;
}

/** What it is itself. */
function Subject({ of, name, isStored }: SubjectProps): VNode {
  if (of === 'dependency' || of === 'hook')
    return (
      <Panel title="What it is">
        <p>
          {of === 'hook'
            ? HOOK
            : 'Manifests name it among their modules or plugins; there is no record of it.'}
        </p>
      </Panel>
    );
  if (!isStored)
    return (
      <Panel title="Not stored">
        <p>It is named, and there is no record of it.</p>
      </Panel>
    );
  return of === 'gtype' ? <TypeSubject name={name} /> : <TransformerSubject name={name} />;
}

const HOOK = 'Manifests name it among their hooks; the hook manifest of each handler says how it runs.';

function TypeSubject({ name }: { readonly name: string }): VNode {
  const { value, error } = useAnswer('type', { ref: name, ...asOf() });
  return (
    <Panel
      title="The type"
      end={
        <>
          <span class="muted">{value && `used by ${value.usedByTypes} types`}</span>{' '}
          <a href={link(['records', 'gtype', name])}>Record</a>
        </>
      }
    >
      {value === undefined ? <Waiting error={error} /> : <TypeTree type={value.type} />}
    </Panel>
  );
}

function TransformerSubject({ name }: { readonly name: string }): VNode {
  const { value, error } = useAnswer('record', { kind: 'transformer', key: name, ...asOf() });
  return (
    <Panel title="The transformer" end={<a href={link(['records', 'transformer', name])}>Record</a>}>
      {value === undefined ? <Waiting error={error} /> : <JsonView json={value.json} />}
    </Panel>
  );
}
