import type { LabelledBody } from './labelled-bodies.js';

export interface StatusMatching {
  readonly matched: readonly {
    /** As it is called now, or was called where it has no name of its own any more. */
    readonly status: string;
    readonly before: readonly LabelledBody[];
    readonly after: readonly LabelledBody[];
    readonly isError: boolean;
  }[];
  readonly removed: readonly { readonly status: string; readonly isError: boolean }[];
  readonly added: readonly string[];
}

/**
 * Which responses belong together: what is said of a status is what is said of
 * it alone, or else of its range (`2XX`), or else by `default`. Beside a
 * success, `default` speaks of errors only.
 */
export function matchStatuses(
  before: readonly LabelledBody[],
  after: readonly LabelledBody[],
): StatusMatching {
  const older = new Responses(before);
  const newer = new Responses(after);
  const statuses = new Set([...older.bodies.keys(), ...newer.bodies.keys()]);
  const matched: StatusMatching['matched'][number][] = [];
  const removed: { status: string; isError: boolean }[] = [];
  const added: string[] = [];
  for (const status of statuses) {
    const was = older.lookUp(status);
    const is = newer.lookUp(status);
    const isError = older.isError(status) && (is === undefined || newer.isError(status));
    if (was !== undefined && is !== undefined) matched.push({ status, before: was, after: is, isError });
    else if (was === undefined) added.push(status);
    else if (!newer.hasPartOf(status)) removed.push({ status, isError });
  }
  return { matched, removed, added };
}

class Responses {
  readonly bodies: ReadonlyMap<string, readonly LabelledBody[]>;
  readonly #saysSuccess: boolean;

  constructor(bodies: readonly LabelledBody[]) {
    const found = new Map<string, LabelledBody[]>();
    for (const body of bodies) {
      const status = body.status?.toUpperCase() ?? 'DEFAULT';
      const known = found.get(status === 'DEFAULT' ? 'default' : status);
      if (known === undefined) found.set(status === 'DEFAULT' ? 'default' : status, [body]);
      else known.push(body);
    }
    this.bodies = found;
    this.#saysSuccess = [...found.keys()].some(isSuccess);
  }

  lookUp(status: string): readonly LabelledBody[] | undefined {
    const own = this.bodies.get(status) ?? this.bodies.get(rangeOf(status));
    if (own !== undefined || (this.#saysSuccess && isSuccess(status))) return own;
    return this.bodies.get('default');
  }

  /** Whether a range, or `default` that stood for everything, lives on in statuses of its own. */
  hasPartOf(status: string): boolean {
    const statuses = [...this.bodies.keys()];
    if (status === 'default') return statuses.some(isSuccess);
    return status.endsWith('XX') && statuses.some((other) => rangeOf(other) === status);
  }

  isError(status: string): boolean {
    return status === 'default' ? this.#saysSuccess : !isSuccess(status);
  }
}

/** Errors are not what a caller counts on. */
function isSuccess(status: string): boolean {
  return status.startsWith('1') || status.startsWith('2') || status.startsWith('3');
}

function rangeOf(status: string): string {
  return `${status.slice(0, 1)}XX`;
}
