/** What the driver and the server throw. */
export interface PostgresError {
  /** SQLSTATE, or the name of a system error. */
  readonly code?: string;
  readonly message?: string;
  /** In the language of the server, whatever that is. */
  readonly severity?: string;
  readonly constraint?: string;
}

/** Anything can be thrown; what is not an object says nothing. */
export function asPostgresError(error: unknown): PostgresError {
  return typeof error === 'object' && error !== null ? error : {};
}

export function messageOf(error: unknown): string {
  return asPostgresError(error).message ?? String(error);
}

/** Of {@link behind}. */
export const BEHIND = 'GT002';

/** A standby that was switched to lacks what another one has shown. It will have it. */
export function behind(revision: number, seen: number): Error {
  const message = `the standby is at revision ${revision}, and revision ${seen} was seen already`;
  return Object.assign(new Error(message), { code: BEHIND });
}

/** Of {@link formerPrimary}. */
export const OVERTAKEN = 'GT005';

/** A server that takes writes, and from which another one has taken over: it hangs, and does not know it yet. */
export function formerPrimary(server: string): Error {
  return Object.assign(new Error(`${server} is a former primary`), { code: OVERTAKEN });
}

/** Poolers give this code to most of what they have to say; these will be no different next time. */
export const POOLER_REFUSES: RegExp =
  /unsupported startup parameter|no such (database|user)|authentication failed/;
