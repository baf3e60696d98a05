import type { TimescapeMetadata, VersionGraph } from '@gati-framework/manifest-store';
import { type GraphVersion, marksOf } from '../graph/version-forest.js';
import { type DrawnEdge, type DrawnVersion, drawEdge, drawVersion } from './draw.js';
import { cutLabel } from './label.js';
import { place } from './layout.js';
import { svgDocument } from './svg-document.js';

/** More versions make a picture that nobody can read, and that takes longer to lay out than a command may be deaf. */
const MOST_VERSIONS = 100;

export interface SvgOptions {
  /** How versions are deployed, so that those that are decommissioned are drawn so; what is of other handlers is left alone. */
  readonly timescape?: readonly TimescapeMetadata[];
}

/**
 * A version graph as one SVG document for light and dark pages, which loads nothing: what was made from a version stands
 * below it; thick edges break callers, dotted ones transform, versions with a broken border are inactive, and those that are struck
 * through decommissioned. Of more than 100 versions the newest 100 are drawn, and the picture says so.
 * No name can be anything but text in it.
 */
export function graphAsSvg(graph: VersionGraph, { timescape = [] }: SvgOptions = {}): string {
  const newestLast = [...graph.versions].sort((a, b) => a.deployedAt - b.deployedAt);
  const shown = newestLast.slice(-MOST_VERSIONS);
  const gone = decommissioned(graph, timescape);
  const versions = shown.map((version) => describe(graph, version, gone.has(version.version)));
  const { width, height, nodes, edges } = place(versions, edgesOf(shown));
  const hidden = newestLast.length - shown.length;
  return svgDocument({
    title: `Versions of ${graph.handlerId}`,
    description: `${newestLast.length} versions, current ${graph.currentVersion}, latest ${graph.latestVersion}`,
    heading: [graph.handlerId, ...(hidden > 0 ? [`${hidden} older versions are not shown`] : [])],
    width,
    height,
    // Versions cover the ends of edges.
    body: [...edges.flatMap(drawEdge), ...nodes.flatMap(drawVersion)],
  });
}

function decommissioned(graph: VersionGraph, timescape: readonly TimescapeMetadata[]): ReadonlySet<string> {
  const found = timescape.filter(
    ({ handlerId, deployment }) => handlerId === graph.handlerId && deployment.status === 'decommissioned',
  );
  return new Set(found.map(({ version }) => version));
}

function describe(graph: VersionGraph, version: GraphVersion, isDecommissioned: boolean): DrawnVersion {
  const marks = [...marksOf(graph, version), ...(isDecommissioned ? ['decommissioned'] : [])];
  const day = dayOf(version.deployedAt);
  return {
    title: [version.version, day, ...marks].join(', '),
    classes: marks.filter((mark) => CLASSES.has(mark)),
    lines: [cutLabel(version.version), day, ...marks],
  };
}

/** Marks that change how a version is drawn. */
const CLASSES: ReadonlySet<string> = new Set(['current', 'inactive', 'decommissioned']);

/** Edges between versions that are shown; one that leads to where it begins would say nothing. */
function edgesOf(shown: readonly GraphVersion[]): DrawnEdge[] {
  const places = new Map(shown.map(({ version }, i) => [version, i]));
  return shown.flatMap((version, i) => {
    const parent = places.get(version.parent ?? '');
    const transformers = (version.transformers ?? []).flatMap(({ to, transformerId }) => {
      const target = places.get(to);
      if (target === undefined || target === i) return [];
      return [transformerEdge(i, target, `${version.version} -> ${to}`, transformerId)];
    });
    return parent === undefined || parent === i
      ? transformers
      : [parentEdge(parent, i, version), ...transformers];
  });
}

function parentEdge(from: number, to: number, { parent, version, breaking }: GraphVersion): DrawnEdge {
  const way = `${parent} -> ${version}`;
  if (breaking) return { from, to, kind: 'breaking', label: 'breaking', title: `${way}, breaking` };
  return { from, to, kind: 'parent', label: '', title: way };
}

function transformerEdge(from: number, to: number, way: string, id: string): DrawnEdge {
  return { from, to, kind: 'transformer', label: cutLabel(id), title: `${way} by ${id}` };
}

function dayOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'no date' : date.toISOString().slice(0, 10);
}
