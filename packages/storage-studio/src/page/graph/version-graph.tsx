import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { HandlerView } from '../../api/handler.js';
import { link } from '../router/location.js';
import { cutText } from '../text/cut-text.js';
import { visibleText } from '../text/hidden-characters.js';
import { timeText } from '../text/time-text.js';
import { type DrawnEdge, type DrawnGraph, type DrawnNode, NODE } from './graph-shape.js';

export interface VersionGraphViewProps {
  readonly handler: HandlerView;
  /** The version that is looked at. */
  readonly selected: string | undefined;
}

/** Which version was made from which, and what turns one into another. What lays it out is loaded when it is needed. */
export function VersionGraphView(props: VersionGraphViewProps): VNode {
  const drawn = useSignal<DrawnGraph | undefined>(undefined);
  const scroller = useRef<HTMLDivElement>(null);
  const { handler, selected } = props;
  useEffect(() => {
    let isWanted = true;
    void import('./layout-graph.js').then(({ layoutGraph }) => {
      if (isWanted) drawn.value = layoutGraph(handler);
    });
    return () => {
      isWanted = false;
    };
  }, [handler]);
  useLayoutEffect(() => {
    const box = scroller.current;
    const node = box?.querySelector('.selected')?.getBoundingClientRect();
    if (!box || node === undefined) return;
    const { left, width } = box.getBoundingClientRect();
    box.scrollLeft += node.left + node.width / 2 - left - width / 2;
  }, [drawn.value, selected]);
  return (
    <figure class="graph">
      <div class="graph-scroll" ref={scroller}>
        {drawn.value && <Drawing drawn={drawn.value} {...props} />}
      </div>
      <figcaption>
        <span class="key parent">made from</span>
        <span class="key breaking">breaks callers</span>
        <span class="key transformer">transformer</span>
        {drawn.value !== undefined && drawn.value.hidden > 0 && (
          <span>{drawn.value.hidden} older not drawn</span>
        )}
      </figcaption>
    </figure>
  );
}

function Drawing({ drawn, ...props }: VersionGraphViewProps & { readonly drawn: DrawnGraph }): VNode {
  const { width, height, nodes, edges } = drawn;
  const { handlerId, versionCount, current } = props.handler;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>{`Versions of ${visibleText(handlerId)}: ${versionCount}, current ${visibleText(current ?? 'none')}`}</title>
      <defs>
        <Arrow id="arrow" />
        <Arrow id="arrow-breaking" />
      </defs>
      {edges.map((edge) => (
        <Edge key={`${edge.kind} ${edge.from} ${edge.to} ${edge.transformer ?? ''}`} {...edge} />
      ))}
      {nodes.map((node) => (
        <Node key={node.version.version} node={node} {...props} />
      ))}
    </svg>
  );
}

function Arrow({ id }: { readonly id: string }): VNode {
  return (
    <marker
      id={id}
      viewBox="0 0 10 10"
      refX="9"
      refY="5"
      markerWidth="9"
      markerHeight="9"
      markerUnits="userSpaceOnUse"
      orient="auto-start-reverse"
    >
      <path d="M0 1L9 5L0 9z" />
    </marker>
  );
}

/** Characters of a label before it is cut; its whole text is told when a pointer rests on it. */
const LABEL = 16;

function label(text: string): string {
  const visible = visibleText(text);
  return visible.length <= LABEL ? visible : `${cutText(visible, LABEL - 1)}…`;
}

function Edge({ kind, from, to, transformer, path, middle }: DrawnEdge): VNode {
  const name = kind === 'breaking' ? '! breaking' : transformer === undefined ? '' : label(transformer);
  const what = transformer === undefined ? kind : `transformer ${visibleText(transformer)}`;
  return (
    <g class={`edge ${kind}`}>
      <title>{`${visibleText(from)} to ${visibleText(to)}: ${what}`}</title>
      <path d={path} marker-end={`url(#arrow${kind === 'breaking' ? '-breaking' : ''})`} />
      {name !== '' && (
        <text x={middle.x} y={middle.y - 9}>
          {name}
        </text>
      )}
    </g>
  );
}

function Node({ node, handler, selected }: VersionGraphViewProps & { readonly node: DrawnNode }): VNode {
  const { version, x, y } = node;
  const name = version.version;
  const deployed = timeText(version.deployedAt ?? version.createdAt ?? Number.NaN);
  const marks = [
    ...(name === handler.current ? ['current'] : []),
    ...(name === handler.latest ? ['latest'] : []),
    ...(version.status === 'decommissioned' ? ['decommissioned'] : version.active ? [] : ['inactive']),
  ];
  return (
    <a
      href={link(['handlers', handler.handlerId, name])}
      class={['node', ...marks, ...(name === selected ? ['selected'] : [])].join(' ')}
      aria-current={name === selected ? 'true' : undefined}
    >
      <rect x={x - NODE.width / 2} y={y - NODE.height / 2} width={NODE.width} height={NODE.height} rx="7" />
      <text class="version" x={x} y={y - 8}>
        {label(name)}
      </text>
      <text class="note" x={x} y={y + 10}>
        {marks.length > 0 ? marks.join(' · ') : deployed.replace(/,.*/, '')}
      </text>
    </a>
  );
}
