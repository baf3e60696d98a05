import type { PostgresQuery, PostgresResult } from './postgres-pool.js';

/** As much of a connection of `pg` as a query that it is handed needs: its messages to the server. */
export interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  /** Texts of the statements that are prepared on it, by name. */
  readonly parsedStatements: { readonly [name: string]: string | undefined };
  parse(message: { readonly name: string; readonly text: string }): void;
  bind(message: { readonly statement: string; readonly values: readonly (string | Buffer | null)[] }): void;
  describe(message: { readonly type: 'P'; readonly name: '' }): void;
  execute(): void;
  sync(): void;
}

/** Reads a value that is not null. */
type Parser = (text: string) => unknown;

/** How to read the columns of the statements that were described on a connection, by name. */
export type DescribedStatements = Map<string, readonly Parser[]>;

/**
 * A prepared statement that is run, in the form that `pg` takes from others than itself, as it does from `pg-cursor`.
 * Its own asks the server each time what columns there are, and the answer takes longer to read
 * than most records: here it is asked once a connection, as a prepared statement never yields others.
 */
export class PreparedQuery {
  /** `pg` notes under it that the statement is prepared. */
  readonly name: string;
  readonly text: string;
  /** Called when there is an answer. Those who trace what an application asks of `pg` put their own in its place. */
  callback: (error: unknown, result?: PostgresResult) => void;
  readonly #query: PostgresQuery;
  readonly #wire: Wire;
  readonly #described: DescribedStatements;
  #parsers: readonly Parser[] | undefined;
  readonly #rows: unknown[][] = [];

  constructor(
    name: string,
    query: PostgresQuery,
    wire: Wire,
    described: DescribedStatements,
    callback: (error: unknown, result?: PostgresResult) => void,
  ) {
    this.name = name;
    this.text = query.text;
    this.callback = callback;
    this.#query = query;
    this.#wire = wire;
    this.#described = described;
    this.#parsers = described.get(name);
  }

  /** Called by `pg`, as all that follow, when the connection has answered what was sent before. */
  submit(): null {
    const { stream } = this.#wire;
    stream.cork();
    try {
      this.#send();
    } finally {
      stream.uncork();
    }
    return null;
  }

  #send(): void {
    const { name, text } = this;
    const wire = this.#wire;
    if (wire.parsedStatements[name] === undefined) wire.parse({ name, text });
    try {
      wire.bind({ statement: name, values: (this.#query.values ?? []).map(toParameter) });
      if (this.#parsers === undefined) wire.describe({ type: 'P', name: '' });
      wire.execute();
    } catch (error) {
      this.callback(error); // whatever comes back has nobody waiting for it
    }
    wire.sync();
  }

  handleRowDescription({ fields }: { fields: readonly { readonly dataTypeID: number }[] }): void {
    this.#parsers = fields.map(({ dataTypeID }) => this.#query.types.getTypeParser(dataTypeID));
    this.#described.set(this.name, this.#parsers);
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const parsers = this.#parsers;
    this.#rows.push(fields.map((text, i) => (text === null ? null : parsers?.[i]?.(text))));
  }

  handleCommandComplete(): void {}

  handleError(error: unknown): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(null, { rows: this.#rows });
  }
}

/** As `pg` sends it: a buffer is in PostgreSQL's binary format already. */
function toParameter(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null;
  return value instanceof Buffer ? value : String(value);
}

/** The wire of a client of `pg`, unless it is made otherwise, as its native one is. */
export function wireOf(client: object): Wire | undefined {
  if (!('connection' in client)) return undefined;
  return isWire(client.connection) ? client.connection : undefined;
}

const METHODS = ['parse', 'bind', 'describe', 'execute', 'sync'];

function isWire(connection: unknown): connection is Wire {
  return (
    isObject(connection) &&
    isObject(Reflect.get(connection, 'parsedStatements')) &&
    METHODS.every((method) => typeof Reflect.get(connection, method) === 'function') &&
    hasCork(Reflect.get(connection, 'stream'))
  );
}

/** Streams of some environments lack it. */
function hasCork(stream: unknown): boolean {
  return isObject(stream) && typeof Reflect.get(stream, 'cork') === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
