import { StorageError } from '@gati-framework/manifest-store';

/** Longest name that PostgreSQL keeps whole, in bytes. */
const MAX_BYTES = 63;

/** The name of a schema or role. Any characters will do, as names are always quoted. */
export function readName(name: unknown, path: string): string {
  const problem = problemOf(name);
  if (problem === undefined) return name as string;
  throw new StorageError('INVALID_OPTIONS', `${path} ${problem}.`, { path });
}

function problemOf(name: unknown): string | undefined {
  if (
    typeof name !== 'string' ||
    name === '' ||
    Buffer.byteLength(name) > MAX_BYTES ||
    /\0|\p{Surrogate}/u.test(name)
  ) {
    return `must be a name of 1 to ${MAX_BYTES} bytes`;
  }
  return name.startsWith('pg_') ? 'must not begin with pg_: PostgreSQL keeps those names' : undefined;
}
