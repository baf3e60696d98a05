import { TimeSlice } from '@gati-framework/manifest-store/backend';
import { guard } from '../as-storage-error.js';
import { readBounds } from '../commit/history-bounds.js';
import { type Steps, untilPause } from '../commit/steps.js';
import type { Connection } from '../connections/connection.js';
import type { Connections } from '../connections/connections.js';
import { readCurrent } from '../feed/read-current.js';
import { placeOf, type SqliteHost } from '../sqlite-host.js';

/** A reading of what does not change any more, as long as the history holds it. */
export interface Reading<T> {
  readonly steps: Steps<T>;
  /** Id of the first change that it still needs. */
  readonly first: number;
}

/**
 * Reads in slices of time, each in a transaction of its own. What is read stays as it is while others write, but may be
 * trimmed, or the store exchanged; then the reading is begun anew, and finds out itself what that means.
 *
 * @param begin Inside a transaction.
 */
export async function readInSlices<T>(
  host: SqliteHost,
  connections: Connections,
  begin: (connection: Connection) => Reading<T>,
): Promise<T> {
  const slice = new TimeSlice();
  let begun: { readonly connection: Connection; readonly reading: Reading<T> } | undefined;
  const goOn = (): IteratorResult<void, T> => {
    placeOf(host).verify();
    return readCurrent(connections, host.location, (_, isSame) => {
      const connection = connections.current;
      const isGood = isSame && begun?.connection === connection && isStillThere(connection, begun.reading);
      if (begun === undefined || !isGood) begun = { connection, reading: begin(connection) };
      return untilPause(begun.reading.steps, slice);
    });
  };
  for (;;) {
    const { done, value } = await connections.whenSettled(() => guard(host, goOn));
    if (done) return value;
    await slice.next();
  }
}

function isStillThere({ statements }: Connection, { first }: Reading<unknown>): boolean {
  return first >= readBounds(statements).firstChange;
}
