import type { ComponentChildren, VNode } from 'preact';
import type { Text } from '../../../api/common.js';
import type {
  HookManifestView,
  ManifestView,
  TimescapeView,
  VersionRow,
  VersionView,
} from '../../../api/handler.js';
import { StatusMark } from '../../parts/marks.js';
import { Pairs } from '../../parts/pairs.js';
import { Panel } from '../../parts/panel.js';
import { TimeAgo } from '../../parts/time.js';
import { link } from '../../router/location.js';
import { DataText } from '../../text/data-text.js';
import { nameOf, sentText } from '../../text/stored-text.js';
import { durationText } from '../../text/time-text.js';

/** What else is known of a version: its deployment, policies, hooks and dependencies. */
export function FactsPanels({
  view,
  handlerId,
}: {
  readonly view: VersionView;
  readonly handlerId: string;
}): VNode {
  const { row, manifest, hooks, timescape } = view;
  return (
    <>
      <DeploymentPanel row={row} timescape={timescape} handlerId={handlerId} />
      {manifest !== undefined && <PoliciesPanel manifest={manifest} />}
      {manifest !== undefined && <HooksPanel manifest={manifest} hooks={hooks} handlerId={handlerId} />}
      {manifest !== undefined && <OriginPanel manifest={manifest} row={row} />}
    </>
  );
}

interface DeploymentProps {
  readonly row: VersionRow;
  readonly timescape: TimescapeView | undefined;
  readonly handlerId: string;
}

function DeploymentPanel({ row, timescape, handlerId }: DeploymentProps): VNode {
  const end = timescape && (
    <a href={link(['records', 'timescapeMetadata', handlerId, row.version])}>Record</a>
  );
  return (
    <Panel title="Deployment" end={end}>
      {timescape === undefined ? (
        <p class="muted">Timescape knows nothing of this version.</p>
      ) : (
        <Pairs
          pairs={[
            ['Status', <StatusMark key="status" status={timescape.status} />],
            ['Strategy', timescape.strategy],
            ['Rollout', timescape.rollout !== undefined && <Rollout percent={timescape.rollout} />],
            ['Compatible', listOf(timescape.compatible)],
            ['Incompatible', listOf(timescape.incompatible)],
            ['Transformable', listOf(timescape.transformable)],
            ['Fingerprint', <Mono key="fingerprint" text={timescape.fingerprint} />],
            ['Requests', timescape.metrics?.requestCount.toLocaleString('en')],
            ['Error rate', timescape.metrics && `${(timescape.metrics.errorRate * 100).toFixed(2)} %`],
            ['Latency', timescape.metrics && `${timescape.metrics.avgLatency.toFixed(1)} ms`],
            [
              'Measured',
              timescape.metrics && <TimeAgo key="measured" time={timescape.metrics.lastUpdated} />,
            ],
          ]}
        />
      )}
    </Panel>
  );
}

function Rollout({ percent }: { readonly percent: number }): VNode {
  return (
    <span class="rollout">
      <meter min={0} max={100} value={percent} aria-label="Rollout" />
      <span class="number">{percent} %</span>
    </span>
  );
}

function PoliciesPanel({
  manifest: { roles, rateLimit, modules, plugins },
}: {
  readonly manifest: ManifestView;
}): VNode {
  return (
    <Panel title="Policies and dependencies">
      <Pairs
        pairs={[
          [
            'Roles',
            roles.length === 0 ? (
              <span class="muted">anybody</span>
            ) : (
              linksOf(roles, (name) => link([], { role: name }))
            ),
          ],
          [
            'Rate limit',
            rateLimit === undefined ? (
              <span class="muted">none</span>
            ) : (
              `${rateLimit.limit.toLocaleString('en')} in ${durationText(rateLimit.window)}`
            ),
          ],
          ['Modules', modules.length > 0 && linksOf(modules, dependencyLink)],
          ['Plugins', plugins.length > 0 && linksOf(plugins, dependencyLink)],
        ]}
      />
    </Panel>
  );
}

function dependencyLink(name: string): string {
  return link(['impact', 'dependency', name]);
}

interface HooksProps {
  readonly manifest: ManifestView;
  readonly hooks: HookManifestView | undefined;
  readonly handlerId: string;
}

function HooksPanel({ manifest, hooks, handlerId }: HooksProps): VNode | null {
  if (manifest.hooks.length === 0 && hooks === undefined) return null;
  const known = new Map(hooks?.hooks.map((hook) => [nameOf(hook.id), hook]));
  const end = hooks && <a href={link(['records', 'hookManifest', handlerId])}>Record</a>;
  return (
    <Panel title="Hooks" end={end}>
      <ol class="hooks">
        {manifest.hooks.map(({ phase, id, stored }, i) => (
          <li key={i}>
            <span class="tag">{phase}</span>{' '}
            <a class="mono" href={link(['impact', 'hook', sentText(id)])}>
              <DataText text={id} />
            </a>
            {!stored && <span class="tag missing gap">not stored</span>}
            <HookFacts hook={known.get(nameOf(id))} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function HookFacts({ hook }: { readonly hook: HookManifestView['hooks'][number] | undefined }): VNode | null {
  if (hook === undefined) return null;
  const facts = [
    sentText(hook.level),
    hook.isAsync ? 'async' : 'sync',
    ...(hook.timeout === undefined ? [] : [`${hook.timeout} ms`]),
    ...(hook.retries === undefined ? [] : [`${hook.retries} retries`]),
  ];
  return (
    <div class="muted">
      {facts.join(' · ')}
      {hook.source !== undefined && (
        <>
          {' · '}
          <span class="mono">
            <DataText text={hook.source} />
          </span>
        </>
      )}
    </div>
  );
}

function OriginPanel({
  manifest,
  row,
}: {
  readonly manifest: ManifestView;
  readonly row: VersionRow;
}): VNode {
  const { commit } = row;
  return (
    <Panel title="Origin">
      <Pairs
        pairs={[
          ['Made', <TimeAgo key="made" time={manifest.createdAt} />],
          [
            'Commit',
            commit && <a href={link(['commits', String(commit.revision)])}>revision {commit.revision}</a>,
          ],
          [
            'Committed',
            commit?.committedAt !== undefined && <TimeAgo key="committed" time={commit.committedAt} />,
          ],
          ['Note', commit?.note !== undefined && <DataText text={commit.note} />],
          ['Timescape', <Mono key="timescape" text={manifest.timescapeVersion} />],
          ['Hash', <Mono key="hash" text={manifest.hash} />],
        ]}
      />
    </Panel>
  );
}

function Mono({ text }: { readonly text: Text }): VNode {
  return (
    <span class="mono">
      <DataText text={text} />
    </span>
  );
}

function listOf(texts: readonly Text[]): ComponentChildren {
  return (
    texts.length > 0 &&
    texts.map((text, i) => (
      <span key={i}>
        {i > 0 ? ', ' : ''}
        <Mono text={text} />
      </span>
    ))
  );
}

function linksOf(texts: readonly Text[], href: (name: string) => string): VNode[] {
  return texts.map((text, i) => (
    <span key={i}>
      {i > 0 ? ', ' : ''}
      <a href={href(sentText(text))}>
        <DataText text={text} />
      </a>
    </span>
  ));
}
