/** The parameters of a Gati route, `/users/:id`, or of a template that no route can say, `/jobs/{id}:cancel`. */
function parameters(path: string): RegExp {
  return path.includes('{') ? /\{([^{}]*)\}/g : /:([A-Za-z_][A-Za-z0-9_]*)/g;
}

/** A path without the names of its parameters, which callers never see. */
export function routeShape(path: string): string {
  return path.replace(parameters(path), ':');
}

/** The new name of each parameter that has another one at the same place of a path of the same shape. */
export function renamedParameters(before: string, after: string): ReadonlyMap<string, string> {
  if (before === after || routeShape(before) !== routeShape(after)) return new Map();
  const names = (path: string): string[] =>
    Array.from(path.matchAll(parameters(path)), ([, name = '']) => name);
  const newNames = names(after);
  const pairs = names(before).map((name, i) => [name, newNames[i] ?? name] as const);
  return new Map(pairs.filter(([older, newer]) => older !== newer));
}
