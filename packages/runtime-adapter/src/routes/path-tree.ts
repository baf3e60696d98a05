import type { Route } from './route-index.js';

interface PathNode {
  readonly literals: Map<string, PathNode>;
  parameter: PathNode | undefined;
  /** That end here, in the order of their places. */
  readonly routes: Route[];
}

/** Routes with parameters by what stands between the slashes. */
export class PathTree {
  readonly #root: PathNode = emptyNode();

  /** The routes that end there, to be added to. */
  at(segments: readonly (string | undefined)[]): Route[] {
    let node = this.#root;
    for (const segment of segments) {
      const next = childOf(node, segment) ?? emptyNode();
      if (segment === undefined) node.parameter = next;
      else node.literals.set(segment, next);
      node = next;
    }
    return node.routes;
  }

  remove(segments: readonly (string | undefined)[], route: Route): void {
    removeBelow(this.#root, segments, 0, route);
  }

  /** The first of the routes that match a normalised path and of `known`. */
  find(path: string, known: Route | undefined): Route | undefined {
    return findBelow(this.#root, path, 1, known);
  }
}

function emptyNode(): PathNode {
  return { literals: new Map(), parameter: undefined, routes: [] };
}

function childOf(node: PathNode, segment: string | undefined): PathNode | undefined {
  return segment === undefined ? node.parameter : node.literals.get(segment);
}

/** @param begin Where the next piece of the path begins; behind the end of the path, there is none left. */
function findBelow(node: PathNode, path: string, begin: number, known: Route | undefined): Route | undefined {
  if (begin > path.length) return earlier(node.routes[0], known);
  const slash = path.indexOf('/', begin);
  const end = slash === -1 ? path.length : slash;
  let found = known;
  if (node.literals.size > 0) {
    const next = node.literals.get(path.slice(begin, end));
    if (next !== undefined) found = findBelow(next, path, end + 1, found);
  }
  if (node.parameter !== undefined && end > begin) found = findBelow(node.parameter, path, end + 1, found);
  return found;
}

function earlier(route: Route | undefined, known: Route | undefined): Route | undefined {
  if (route === undefined || known === undefined) return route ?? known;
  return route.place < known.place ? route : known;
}

/** Nodes that nothing leads through any more go, too. */
function removeBelow(
  node: PathNode,
  segments: readonly (string | undefined)[],
  depth: number,
  route: Route,
): void {
  if (depth === segments.length) {
    const at = node.routes.indexOf(route);
    if (at !== -1) node.routes.splice(at, 1);
    return;
  }
  const segment = segments[depth];
  const next = childOf(node, segment);
  if (next === undefined) return;
  removeBelow(next, segments, depth + 1, route);
  if (next.routes.length > 0 || next.literals.size > 0 || next.parameter !== undefined) return;
  if (segment === undefined) node.parameter = undefined;
  else node.literals.delete(segment);
}
