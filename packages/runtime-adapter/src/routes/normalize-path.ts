const SLASH = 47;

/**
 * A path as the router of the runtime compares it: it begins with a slash, has no two of them in a row, and
 * none at its end.
 */
export function normalizePath(path: string): string {
  if (isNormal(path)) return path;
  const rooted = path.startsWith('/') ? path : `/${path}`;
  const single = rooted.replace(/\/+/g, '/');
  return single.length > 1 && single.endsWith('/') ? single.slice(0, -1) : single;
}

/** So it is nearly always, and then no text is made. */
function isNormal(path: string): boolean {
  if (path.charCodeAt(0) !== SLASH) return false;
  if (path.length > 1 && path.charCodeAt(path.length - 1) === SLASH) return false;
  return !path.includes('//');
}
