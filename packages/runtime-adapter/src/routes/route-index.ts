import type { HandlerManifest } from '@gati-framework/manifest-store';
import { PathTree } from './path-tree.js';
import type { RoutePattern } from './route-pattern.js';

/** What one version of a handler answers to. */
export interface Route {
  /** In capitals. */
  readonly method: string;
  readonly pattern: RoutePattern;
  /** Of its handler, in first-stored order: of two routes that match, the one with the smaller place is taken. */
  readonly place: number;
  readonly manifest: HandlerManifest;
}

/** Routes by method and path. As in the router of the runtime, the route that was there first is taken. */
export class RouteIndex {
  readonly #methods = new Map<string, MethodRoutes>();

  add(route: Route): void {
    const routes = this.#methods.get(route.method) ?? new MethodRoutes();
    this.#methods.set(route.method, routes);
    routes.add(route);
  }

  remove(route: Route): void {
    this.#methods.get(route.method)?.remove(route);
  }

  /** @param path Normalised. */
  find(method: string, path: string): Route | undefined {
    return this.#methods.get(method)?.find(path);
  }
}

class MethodRoutes {
  /** Without parameters, by their whole path. */
  readonly #literal = new Map<string, Route[]>();
  readonly #tree = new PathTree();
  /** Those that only a regular expression can tell, in the order of their places. */
  readonly #expressions: Route[] = [];

  add(route: Route): void {
    const { path, names, segments } = route.pattern;
    if (segments === undefined) insert(this.#expressions, route);
    else if (names.length > 0) insert(this.#tree.at(segments), route);
    else {
      const routes = this.#literal.get(path) ?? [];
      this.#literal.set(path, routes);
      insert(routes, route);
    }
  }

  remove(route: Route): void {
    const { path, names, segments } = route.pattern;
    if (segments === undefined) take(this.#expressions, route);
    else if (names.length > 0) this.#tree.remove(segments, route);
    else {
      const routes = this.#literal.get(path) ?? [];
      take(routes, route);
      if (routes.length === 0) this.#literal.delete(path);
    }
  }

  find(path: string): Route | undefined {
    const found = this.#tree.find(path, this.#literal.get(path)?.[0]);
    for (const route of this.#expressions) {
      if (found !== undefined && found.place < route.place) break;
      if (route.pattern.regex?.test(path)) return route;
    }
    return found;
  }
}

/** Few handlers answer to one path. */
function insert(routes: Route[], route: Route): void {
  const at = routes.findIndex(({ place }) => place > route.place);
  routes.splice(at === -1 ? routes.length : at, 0, route);
}

function take(routes: Route[], route: Route): void {
  const at = routes.indexOf(route);
  if (at !== -1) routes.splice(at, 1);
}
