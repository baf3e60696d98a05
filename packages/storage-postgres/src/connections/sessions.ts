import type pg from 'pg';
import { isDefinite } from '../errors/conditions.js';
import { formerPrimary } from '../errors/postgres-error.js';
import type { ResolvedOptions } from '../options/options.js';
import { statement } from './query.js';

/** Whatever the role and the database have as their defaults. */
const SESSION = `pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false),
  pg_catalog.set_config('default_transaction_isolation', 'read committed', false)`;

/** A promotion begins a new one, which the names of log files begin with; a standby does not tell its own. */
const TIMELINE = `(SELECT c.system_identifier::text FROM pg_catalog.pg_control_system() c),
  CASE WHEN NOT pg_catalog.pg_is_in_recovery()
    THEN pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8) END`;

/** Makes new connections ones for our statements, and refuses those to a server that will not do. */
export class Sessions {
  readonly #options: ResolvedOptions;
  readonly #answerTimeout: number;
  /** Of one of several servers, only one is the primary, and it can be a former one that does not know it. */
  #asksTimeline: boolean;
  #system: string | undefined;
  /** The newest timeline of that system, as it is written: it has a fixed length. */
  #newest = '';

  /** @param answerTimeout How long to wait for an answer at most, in milliseconds. */
  constructor(options: ResolvedOptions, answerTimeout: number) {
    this.#options = options;
    this.#answerTimeout = answerTimeout;
    this.#asksTimeline = options.servers.length > 1 && !options.readOnly;
  }

  /**
   * Asks also whether the server can be written to. A primary never becomes a standby under its connections, so it is
   * enough to ask new ones.
   */
  async prepare(client: pg.ClientBase): Promise<void> {
    const [isStandby, system, timeline] = await this.#ask(client);
    const { host, port } = client as pg.Client;
    if (isStandby === true) throw Object.assign(new Error(`${host}:${port} is a standby`), { code: '25006' });
    if (typeof system !== 'string' || typeof timeline !== 'string') return;
    if (system !== this.#system) this.#newest = '';
    this.#system = system;
    if (timeline < this.#newest) throw formerPrimary(`${host}:${port}`);
    this.#newest = timeline;
  }

  async #ask(client: pg.ClientBase): Promise<unknown[]> {
    const { readOnly, servers, pooler } = this.#options;
    // Of several, one that was set read-only will not do; a single one can still be read.
    const isReadOnly =
      servers.length > 1 ? `pg_catalog.current_setting('transaction_read_only') = 'on'` : 'false';
    const standby = readOnly ? 'false' : `pg_catalog.pg_is_in_recovery() OR ${isReadOnly}`;
    const columns = [standby, this.#asksTimeline ? TIMELINE : 'NULL, NULL', ...(pooler ? [] : [SESSION])];
    const ask = statement(`SELECT ${columns.join()}`, false, this.#answerTimeout);
    try {
      return (await client.query(ask())).rows[0] ?? [];
    } catch (error) {
      // Services that hide their log do not tell.
      if (!this.#asksTimeline || !isDefinite(error)) throw error;
      this.#asksTimeline = false;
      return this.#ask(client);
    }
  }
}
