import { DocumentProblem } from '../document/document-problem.js';

export interface RoutePattern {
  /** A Gati route, `/users/:id`; the template itself when no Gati route says the same. */
  readonly path: string;
  /** What each parameter of the template is called in the route. */
  readonly names: ReadonlyMap<string, string>;
  readonly expressible: boolean;
}

const PARAMETER = /\{([^{}]*)\}/g;

/**
 * An OpenAPI path template as a Gati route. The router takes letters, digits
 * and underscores for the name of a parameter, so other characters become
 * underscores; callers never see these names. A template in which text that
 * could be part of a name follows a parameter, or that holds a literal colon,
 * has no Gati route.
 */
export function toRoutePattern(template: string, place: string): RoutePattern {
  if (!template.startsWith('/')) {
    throw new DocumentProblem(place, 'a path must begin with "/"', `Write it as "/${template}".`);
  }
  const names = new Map<string, string>();
  const expressible = !template.includes(':') && !/\}[A-Za-z0-9_]/.test(template);
  const path = template.replace(PARAMETER, (_, name: string) => {
    const routeName = expressible ? toRouteName(name) : name;
    if (names.has(name) || [...names.values()].includes(routeName)) {
      throw new DocumentProblem(place, `two parameters of the path are called "${routeName}"`, 'Rename one.');
    }
    names.set(name, routeName);
    return `:${routeName}`;
  });
  if (/[{}]/.test(path)) {
    throw new DocumentProblem(place, 'the braces of its parameters do not match', 'Write each as "{name}".');
  }
  return { path: expressible ? path : template, names, expressible };
}

function toRouteName(name: string): string {
  const cleaned = name.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[A-Za-z_]/.test(cleaned) ? cleaned : `_${cleaned}`;
}
