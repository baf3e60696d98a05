import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { belongsToHandler, closed, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { ScanFilter, StoredRecord } from '@gati-framework/storage-kit';
import type { Connections } from '../connections/connections.js';
import { HeldConnection } from '../connections/held-connection.js';
import type { PostgresClient, PostgresQuery, PostgresResult } from '../connections/postgres-pool.js';
import { type Parameter, type Statement, statement } from '../connections/query.js';
import { assertKept } from '../past/assert-kept.js';
import { flagAt, numberAt, type Row } from '../sql/row-values.js';
import { headOf, toStoredRecord } from '../sql/rows.js';
import type { Statements } from '../sql/statements.js';

/** Most records of a page, and of the first one, which is waited for; pages are also bounded by the size of their values. */
const PAGE = 500;
const FIRST_PAGE = 50;
/** A column of the statement `scan`. */
const IS_MORE = 7;

const end = statement('COMMIT', false);

interface ScanTimeouts {
  readonly statementTimeout: number;
  readonly scanIdleTimeout: number;
}

/** Iterations over the store: each holds a connection, and with it one moment of the store, until it ends. */
export class Scans {
  readonly #connections: Connections;
  readonly #statements: Statements;
  readonly #held = new Set<HeldConnection>();

  readonly #begin: Statement;
  readonly #onMoment: (revision: Revision) => Promise<void>;

  /**
   * @param onMoment Awaited before anything of a scan is shown, with the revision of the store that it shows; throws
   *   when another moment is to be taken.
   * @param timeouts Of each page, and of the consumer between two pages, in milliseconds.
   */
  constructor(
    connections: Connections,
    statements: Statements,
    onMoment: (revision: Revision) => Promise<void>,
    { statementTimeout, scanIdleTimeout }: ScanTimeouts,
  ) {
    this.#connections = connections;
    this.#statements = statements;
    this.#onMoment = onMoment;
    // Of tables that the server has no statistics of it takes a page for more than all that there is, and would read and
    // sort everything for it: from a bitmap nothing comes in order, by an index everything does.
    this.#begin = statement(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL enable_bitmapscan = off; ` +
        `SET LOCAL statement_timeout = ${statementTimeout}; ` +
        `SET LOCAL idle_in_transaction_session_timeout = ${scanIdleTimeout}; ` +
        statements.state().text,
      false,
    );
  }

  /** @param at The revision of the store that is shown; absent: as it is. */
  async *scan(filter: ScanFilter, at?: Revision): AsyncIterableIterator<readonly StoredRecord[]> {
    const { share, retryTimeout } = this.#connections;
    await share.enter(this, retryTimeout);
    let held: HeldConnection;
    try {
      held = new HeldConnection(await this.#start(at), () => share.leave());
    } catch (error) {
      share.leave();
      throw error;
    }
    this.#held.add(held);
    let hasFailed = false;
    try {
      for await (const page of this.#pages(held.client, filter, at)) {
        yield page;
        if (held.taken !== undefined) throw held.taken;
      }
    } catch (error) {
      hasFailed = true;
      throw this.#connections.translate(held.taken ?? error);
    } finally {
      if (hasFailed || held.taken !== undefined) this.#giveBack(held, true);
      else this.#end(held);
    }
  }

  /** Nobody waits for it: what was shown is right, and who left early wants nothing more. */
  #end(held: HeldConnection): void {
    held.client.query(end()).then(
      () => this.#giveBack(held, false),
      () => this.#giveBack(held, true),
    );
  }

  #giveBack(held: HeldConnection, isBroken: boolean): void {
    held.giveBack(isBroken);
    this.#held.delete(held);
  }

  /** Takes the connections back, whatever their scans are doing. */
  close(): void {
    this.#connections.share.turnAway(this, closed());
    for (const held of this.#held) held.take(closed());
  }

  #start(at: Revision | undefined): Promise<PostgresClient> {
    return this.#connections.retry(() =>
      this.#connections.keep(async (client) => {
        const state = stateOf(await client.query(this.#begin()));
        const revision = numberAt(state, 1);
        if (at !== undefined) assertKept(at, numberAt(state, 3), revision, flagAt(state, 4));
        await this.#onMoment(revision);
      }),
    );
  }

  async *#pages(
    client: PostgresClient,
    { kinds, handlerId }: ScanFilter,
    at: Revision | undefined,
  ): AsyncIterable<StoredRecord[]> {
    let limit = FIRST_PAGE;
    for (const kind of kinds) {
      if (handlerId !== undefined && !belongsToHandler(kind)) continue;
      let after = 0;
      for (;;) {
        const rows: Row[] = (await client.query(this.#page(kind, [kind, after, limit], handlerId, at))).rows;
        limit = PAGE;
        yield rows.flatMap((row) => toStoredRecord(kind, row) ?? []);
        const last = rows.at(-1);
        if (last === undefined || !flagAt(last, IS_MORE)) break;
        after = numberAt(last, 0);
      }
    }
  }

  #page(
    kind: RecordKind,
    range: readonly Parameter[],
    handlerId: string | undefined,
    at: Revision | undefined,
  ): PostgresQuery {
    const { scan, scanByKey, scanByLookup, scanPast, scanPastByKey, scanPastByLookup } = this.#statements;
    const [all, byKey, byLookup] =
      at === undefined ? [scan, scanByKey, scanByLookup] : [scanPast, scanPastByKey, scanPastByLookup];
    const moment = at === undefined ? [] : [at];
    if (handlerId === undefined) return all([...range, ...moment]);
    const isInKey = RECORD_KINDS[kind].keyFields[0] === 'handlerId';
    return (isInKey ? byKey : byLookup)([...range, handlerId, ...moment]);
  }
}

/** The statement is several, of which the last tells the state. */
function stateOf(results: unknown): Row {
  const last: PostgresResult | undefined = Array.isArray(results) ? results.at(-1) : undefined;
  return headOf(last?.rows ?? []);
}
