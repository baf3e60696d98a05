import { normalizePath } from './normalize-path.js';

const PARAMETER = /:([a-zA-Z_][a-zA-Z0-9_]*)/g;
const WHOLE_PARAMETER = /^:[a-zA-Z_][a-zA-Z0-9_]*$/;

/** What the runtime puts into a regular expression as it stands, so that it means there what it means in one. */
const SYNTAX = /[\\^$.|?*+()[\]{}]/;

/** A path with its parameters, as the runtime understands it. */
export interface RoutePattern {
  /** Normalised. */
  readonly path: string;
  /** Names of the parameters, from left to right. */
  readonly names: readonly string[];
  /**
   * What stands between the slashes; `undefined` for a parameter. Absent where a path cannot be compared piece by
   * piece, as it holds signs of regular expressions or a parameter that is only part of a piece.
   */
  readonly segments?: readonly (string | undefined)[];
  /** For a path without `segments`. */
  readonly regex?: RegExp;
}

/** @returns `undefined` for a path that makes no regular expression, which the router of the runtime refuses, too. */
export function parsePattern(given: string): RoutePattern | undefined {
  const path = normalizePath(given);
  const names = Array.from(path.matchAll(PARAMETER), ([, name = '']) => name);
  const pieces = path.split('/').slice(1);
  const isPlain =
    !SYNTAX.test(path) && pieces.every((piece) => WHOLE_PARAMETER.test(piece) || !hasParameter(piece));
  if (isPlain)
    return {
      path,
      names,
      segments: pieces.map((piece) => (WHOLE_PARAMETER.test(piece) ? undefined : piece)),
    };
  try {
    return { path, names, regex: new RegExp(`^${path.replace(PARAMETER, '([^/]+)')}$`) };
  } catch {
    return undefined;
  }
}

function hasParameter(piece: string): boolean {
  return /:[a-zA-Z_]/.test(piece);
}

/**
 * The parameters of a normalised path that matches a pattern, decoded. Of two with one name the last one counts.
 *
 * @returns `undefined` where a value cannot be decoded, such as `%zz`.
 */
export function readParams(path: string, pattern: RoutePattern): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  if (pattern.names.length === 0) return params;
  try {
    if (pattern.segments === undefined) fillFromGroups(params, path, pattern);
    else fillFromSegments(params, path, pattern.names, pattern.segments);
    return params;
  } catch {
    return undefined;
  }
}

function fillFromSegments(
  params: Record<string, string>,
  path: string,
  names: readonly string[],
  segments: NonNullable<RoutePattern['segments']>,
): void {
  let begin = 1;
  let found = 0;
  for (const segment of segments) {
    if (segment !== undefined) {
      begin += segment.length + 1;
      continue;
    }
    const slash = path.indexOf('/', begin);
    const end = slash === -1 ? path.length : slash;
    params[names[found++] as string] = decode(path.slice(begin, end));
    begin = end + 1;
  }
}

function fillFromGroups(params: Record<string, string>, path: string, { regex, names }: RoutePattern): void {
  const groups = regex?.exec(path) ?? [];
  names.forEach((name, i) => {
    const value = groups[i + 1];
    if (value !== undefined) params[name] = decode(value);
  });
}

function decode(value: string): string {
  return value.includes('%') ? decodeURIComponent(value) : value;
}
