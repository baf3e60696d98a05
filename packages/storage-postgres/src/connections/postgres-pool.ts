/** As much of `pg.Pool` as is used, so that a pool of the caller's own fits, whatever made it. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  /** Whether `end()` was called. */
  readonly ending?: boolean;
  readonly options?: {
    readonly max?: number;
    readonly binary?: boolean;
    readonly database?: string | undefined;
  };
  /** Connections that there are, those of them that nobody uses, and calls that wait for one. */
  readonly totalCount?: number;
  readonly idleCount?: number;
  readonly waitingCount?: number;
}

/** As much of a checked-out `pg.PoolClient` as is used. */
export interface PostgresClient {
  query(query: PostgresQuery): Promise<PostgresResult>;
  /** `I`: idle; `T` and `E`: inside a transaction. Where it is missing, it costs a round trip to be sure. */
  getTransactionStatus?(): string | null;
  /** From now on the connection keeps no process alive. */
  unref?(): void;
  /** @param destroy The connection is not to be used again. */
  release(destroy?: boolean): void;
  // biome-ignore lint/suspicious/noExplicitAny: each event has a listener of its own kind
  on(event: string, listener: (...args: any[]) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  removeListener(event: string, listener: (...args: any[]) => void): unknown;
}

export interface PostgresQuery {
  readonly text: string;
  readonly values?: unknown[];
  /** Of the prepared statement. */
  readonly name?: string;
  readonly rowMode: 'array';
  // biome-ignore lint/suspicious/noExplicitAny: parsers yield what their types are
  readonly types: { getTypeParser(oid: number, format?: any): (value: any) => any };
  /** After how many milliseconds to give up, with the server still at it. */
  readonly query_timeout?: number;
}

export interface PostgresResult {
  // biome-ignore lint/suspicious/noExplicitAny: rows are as the statement makes them
  readonly rows: any[];
}
