import type { VNode } from 'preact';
import type { ManifestView, VersionView } from '../../../api/handler.js';
import type { TypeView } from '../../../api/types.js';
import { Disclosure } from '../../parts/disclosure.js';
import { Panel } from '../../parts/panel.js';
import { link } from '../../router/location.js';
import { DataText } from '../../text/data-text.js';
import { nameOf, sentText } from '../../text/stored-text.js';
import { TypeTree } from '../../types/type-tree.js';
import { FindingCounts, FindingList } from '../findings.js';
import { JsonView } from '../json-view.js';

interface PanelProps {
  readonly view: VersionView;
  readonly handlerId: string;
}

/** What callers of a version meet: what changed for them, its types, and the manifest itself. */
export function ContractPanels({ view, handlerId }: PanelProps): VNode {
  const { manifest, json, row } = view;
  if (manifest === undefined)
    return (
      <Panel title="No manifest">
        <p>Only the version graph knows this version: no manifest of it is stored.</p>
      </Panel>
    );
  return (
    <>
      <ChangesPanel view={view} handlerId={handlerId} />
      <TypesPanel manifest={manifest} types={view.types} />
      <Panel
        title="Manifest"
        end={<a href={link(['records', 'manifest', handlerId, row.version])}>As a record</a>}
      >
        <Disclosure summary="as it is stored">
          {() => json !== undefined && <JsonView json={json} />}
        </Disclosure>
      </Panel>
    </>
  );
}

function ChangesPanel({ view: { changes, row }, handlerId }: PanelProps): VNode | null {
  if (changes === undefined) return null;
  const compare = link(['compare'], { id: handlerId, before: changes.before, after: row.version });
  return (
    <Panel title={`What changed since ${changes.before}`} end={<a href={compare}>Compare</a>}>
      <FindingCounts counts={changes.counts} />
      <FindingList findings={changes.findings} counts={changes.counts} />
    </Panel>
  );
}

interface TypesProps {
  readonly manifest: ManifestView;
  readonly types: readonly TypeView[];
}

const TITLES: Readonly<Record<string, string>> = {
  params: 'Parameters',
  headers: 'Headers',
  request: 'Request',
  response: 'Response',
};

function TypesPanel({ manifest, types }: TypesProps): VNode {
  const byRef = new Map(types.map((type) => [nameOf(type.ref), type]));
  const inOrder = Object.keys(TITLES).flatMap((name) => manifest.types.filter((one) => one.name === name));
  return (
    <>
      {inOrder.map(({ name, ref, stored }) => {
        const type = byRef.get(nameOf(ref));
        const isNone = sentText(ref) === '#none';
        const end = (
          <a class="mono" href={link(['impact', 'gtype', sentText(ref)])}>
            <DataText text={ref} />
          </a>
        );
        return (
          <Panel key={name} title={TITLES[name] ?? name} end={isNone ? undefined : end}>
            {isNone && <p class="muted">There is no body.</p>}
            {!isNone && !stored && <p>The type that the manifest names is not stored.</p>}
            {!isNone && type !== undefined && type.is !== 'missing' && <TypeTree type={type} />}
          </Panel>
        );
      })}
    </>
  );
}
