import type { HandlerView, VersionRow } from '../../api/handler.js';

/** A version as it is drawn. */
export interface DrawnNode {
  readonly version: VersionRow;
  readonly x: number;
  readonly y: number;
}

export interface DrawnEdge {
  readonly kind: 'parent' | 'breaking' | 'transformer';
  readonly from: string;
  readonly to: string;
  /** Id of the transformer. */
  readonly transformer?: string;
  /** The way of its line, as SVG has it. */
  readonly path: string;
  readonly middle: { readonly x: number; readonly y: number };
}

export interface DrawnGraph {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  /** How many older versions are left out. */
  readonly hidden: number;
}

/** More versions make a picture that nobody can read; the list beside it has them all. */
export const MOST_VERSIONS = 60;

/** Pixels. */
export const NODE: { readonly width: number; readonly height: number } = { width: 132, height: 46 };

export interface EdgeToDraw {
  readonly kind: DrawnEdge['kind'];
  readonly from: string;
  readonly to: string;
  readonly transformer?: string;
}

/** The newest versions, oldest first. */
export function shownVersions({ versions }: HandlerView): readonly VersionRow[] {
  return versions.slice(-MOST_VERSIONS);
}

/** Edges between versions that are shown; one that leads to where it begins would say nothing. */
export function edgesBetween(shown: readonly VersionRow[]): EdgeToDraw[] {
  const names = new Set(shown.map(({ version }) => version));
  return shown.flatMap(({ version, parent, breaking, transformers }): EdgeToDraw[] => {
    const made: EdgeToDraw[] =
      parent === undefined || parent === version || !names.has(parent)
        ? []
        : [{ kind: breaking ? 'breaking' : 'parent', from: parent, to: version }];
    const turned = transformers
      .filter(({ to }) => to !== version && names.has(to))
      .map(({ to, id }) => ({ kind: 'transformer' as const, from: version, to, transformer: id }));
    return [...made, ...turned];
  });
}
