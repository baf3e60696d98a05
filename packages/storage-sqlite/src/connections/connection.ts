import type { GivenRetention } from '@gati-framework/manifest-store/backend';
import { asStorageError, guardAsync } from '../as-storage-error.js';
import { type HistoryBounds, readBounds, storeRetention } from '../commit/history-bounds.js';
import { type CommitLog, parseLog } from '../log/commit-log.js';
import { replayLog } from '../log/replay-log.js';
import { migrate } from '../schema/migrate.js';
import { preparingOnDemand } from '../sql/statement-on-demand.js';
import { prepareStatements, type Statements } from '../sql/statements.js';
import { readHead, type StoreHead, unreadableHead } from '../sql/store-head.js';
import { Transactions } from '../sql/transaction.js';
import type { SqliteDatabase } from '../sqlite-database.js';
import { placeOf, type SqliteHost } from '../sqlite-host.js';

/** An open database that holds a store of the current version. */
export interface Connection {
  readonly database: SqliteDatabase;
  readonly statements: Statements;
  readonly transactions: Transactions;
  /** The store as the listener last heard of it. */
  head: StoreHead;
  /** A transaction is under way that changes the store. Until it ends nobody else can, and the store is as `head` says. */
  isBeingChanged: boolean;
  /** Where the history begins, or began when this process last looked. */
  bounds: HistoryBounds;
  /** Always the same when no other connection can commit. */
  readonly readDataVersion: () => number;
  /** What it answered when `head` was read. */
  dataVersion: number;
}

/**
 * @param steps Of the schema.
 * @param retention What the store is told to keep, unless it is only to be read.
 */
export async function connect(
  host: SqliteHost,
  steps: readonly string[],
  retention: GivenRetention,
): Promise<Connection> {
  const database = await guardAsync(host, () => host.open());
  try {
    return await guardAsync(host, () => prepare(host, database, steps, retention));
  } catch (error) {
    await host.close(database);
    throw error;
  }
}

async function prepare(
  host: SqliteHost,
  database: SqliteDatabase,
  steps: readonly string[],
  retention: GivenRetention,
): Promise<Connection> {
  const isMigrated = migrate(database, host, steps);
  const statements = prepareStatements(preparingOnDemand(database));
  const transactions = new Transactions(database);
  const log = takeOverLog(host, statements, transactions);
  const isTold = !host.readOnly && storeRetention(statements, transactions, retention);
  const readDataVersion = host.sharedFile?.prepareDataVersion(database) ?? (() => 0);
  const dataVersion = readDataVersion();
  const head = readHeadOrDamage(host, statements);
  const opened = placeOf(host).opened({ database, head, log, isAltered: isMigrated || isTold });
  if (opened !== undefined) await opened;
  const bounds = readBounds(statements);
  const isBeingChanged = false;
  return { database, statements, transactions, head, isBeingChanged, bounds, readDataVersion, dataVersion };
}

function readHeadOrDamage(host: SqliteHost, { changes }: Statements): StoreHead {
  try {
    return readHead(changes.selectHead.get());
  } catch (error) {
    const failure = asStorageError(host, error);
    if (failure.code !== 'STORAGE_CORRUPT') throw failure;
    return unreadableHead(failure);
  }
}

/** Brings into the database what only the log beside it holds. */
function takeOverLog(
  host: SqliteHost,
  statements: Statements,
  transactions: Transactions,
): CommitLog | undefined {
  const found = placeOf(host).readLog();
  const log = found && parseLog(found.content, found.location);
  if (found === undefined || log === undefined) return undefined;
  const locations = { database: host.location, log: found.location };
  transactions.write(() =>
    replayLog(statements, readHead(statements.changes.selectHead.get()), log, locations),
  );
  return log;
}
