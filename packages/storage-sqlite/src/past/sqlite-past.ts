import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type {
  LoggedSummary,
  LogRange,
  RecordPast,
  ScanFilter,
  StoredRecord,
} from '@gati-framework/storage-kit';
import type { Connections } from '../connections/connections.js';
import { retryWhileLocked } from '../connections/retry.js';
import type { ScanRegistry } from '../reads/scan.js';
import type { SqliteHost } from '../sqlite-host.js';
import { momentAt } from './moment.js';
import { readPastRecord } from './past-record.js';
import { readInSlices } from './read-in-slices.js';
import { beginLog } from './read-log.js';

/** The past of a store, out of its changes: each says what it has replaced, and a value that it replaced is kept as long as it is. */
export class SqlitePast implements RecordPast {
  readonly #host: SqliteHost;
  readonly #connections: Connections;
  readonly #scans: ScanRegistry;
  readonly #lockTimeout: number;

  constructor(host: SqliteHost, connections: Connections, scans: ScanRegistry, lockTimeout: number) {
    this.#host = host;
    this.#connections = connections;
    this.#scans = scans;
    this.#lockTimeout = lockTimeout;
  }

  read(kind: RecordKind, key: KeyTuple, at: Revision): Promise<StoredRecord | undefined> {
    return retryWhileLocked(this.#lockTimeout, () =>
      readInSlices(this.#host, this.#connections, ({ statements, head }) => {
        const moment = momentAt(statements, head, at, this.#host.location);
        return { steps: readPastRecord(moment, kind, key), first: moment.first };
      }),
    );
  }

  scan(filter: ScanFilter, at: Revision): AsyncIterable<readonly StoredRecord[]> {
    return this.#scans.scan(filter, at);
  }

  log(range: LogRange): Promise<readonly LoggedSummary[]> {
    return retryWhileLocked(this.#lockTimeout, () =>
      readInSlices(this.#host, this.#connections, (connection) =>
        beginLog(connection, range, this.#host.location),
      ),
    );
  }
}
