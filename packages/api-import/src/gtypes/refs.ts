/**
 * How GTypes are named in the store.
 *
 * - `User`: the schema of that name, as it was first imported;
 * - `User@2.0.0`: what it became in version 2.0.0;
 * - `getUser#response`: the response type of the handler `getUser`;
 * - `#any`, `#none`: any value, no value.
 *
 * `@` and `#` therefore have a meaning, and are escaped where a schema's own name has them.
 */
export function escapeRefName(name: string): string {
  return name.replace(/[%@#]/g, encodeURIComponent);
}

/** The ref of one of a handler's own types. */
export function handlerTypeRef(
  handlerId: string,
  part: 'request' | 'response' | 'params' | 'headers',
): string {
  return `${escapeRefName(handlerId)}#${part}`;
}

/** The ref of a type in the version that changed it. */
export function versionedRef(base: string, version: string): string {
  return `${base}@${version}`;
}

/** A ref without its version. */
export function baseRef(ref: string): string {
  const at = ref.indexOf('@');
  return at === -1 ? ref : ref.slice(0, at);
}
