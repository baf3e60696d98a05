import type { PersistedStore } from '../persistence.js';
import { Connection, resultOf, type Stores } from './connection.js';
import { absent } from './errors.js';
import { openDatabase, SNAPSHOT } from './open-database.js';

/** Reads a store that somebody else may own, and leaves nothing open: an open connection blocks the deletion of the database. */
export async function readOnce(name: string, location: string): Promise<PersistedStore> {
  const database = await openDatabase(name, location, { create: false });
  if (database === undefined) throw absent(location);
  const connection = new Connection(database, { severed: () => {}, yielded: () => {} });
  try {
    return await connection.run('readonly', readStore);
  } finally {
    connection.close();
  }
}

export async function readStore({ snapshot, log }: Stores): Promise<PersistedStore> {
  const [content, pieces] = await Promise.all([
    resultOf<Uint8Array | undefined>(snapshot.get(SNAPSHOT)),
    resultOf<Uint8Array[]>(log.getAll()),
  ]);
  return { snapshot: content, log: concatenate(pieces) };
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array | undefined {
  if (pieces.length === 0) return undefined;
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  return whole;
}
