import { StorageError } from '@gati-framework/manifest-store';
import { URL_PARAMETERS } from './url-parameters.js';

/** What a connection string says of the storage, beside how to reach the server. */
export interface ConnectionString {
  /** The rest, which is the driver's. */
  readonly connectionString: string;
  readonly schema?: string;
  readonly pooler?: boolean;
  /** In milliseconds. */
  readonly connectTimeout?: number;
}

const PATH = 'options.connectionString';

/** Several hosts make it no URL that `URL` can read, so only what follows the question mark is looked at. */
export function readUrlParameters(written: string): ConnectionString {
  const [, address = '', query] = /^([^?#]*)\?([^#]*)/.exec(written) ?? [];
  if (query === undefined || written.startsWith('/')) return { connectionString: written };
  const parameters = new URLSearchParams(query);
  for (const name of parameters.keys()) assertKnown(name, parameters.getAll(name).length);
  const schema = parameters.get('schema');
  const pooler = readFlag(parameters.get('pooler'));
  const connectTimeout = readSeconds(parameters.get('connect_timeout'));
  for (const name of ['schema', 'pooler', 'connect_timeout']) parameters.delete(name);
  const rest = parameters.toString();
  return {
    connectionString: rest === '' ? address : `${address}?${rest}`,
    ...(schema === null ? {} : { schema }),
    ...(pooler === undefined ? {} : { pooler }),
    ...(connectTimeout === undefined ? {} : { connectTimeout }),
  };
}

function assertKnown(name: string, times: number): void {
  if (times > 1) throw invalid(`has the parameter ${JSON.stringify(name)} more than once`);
  if (URL_PARAMETERS.has(name)) return;
  const meant = [...URL_PARAMETERS].find((known) => areAlike(known, name));
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw invalid(
    `has the parameter ${JSON.stringify(name)}, which is neither of this storage (schema, pooler) nor of PostgreSQL${hint}`,
  );
}

/** Whether they differ in case and separators only, or one has one more character than the other. */
function areAlike(known: string, name: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_]/g, '');
  if (plain(known) === plain(name)) return true;
  const [short, long] = known.length < name.length ? [known, name] : [name, known];
  return (
    long.length === short.length + 1 &&
    [...long].some((_, i) => long.slice(0, i) + long.slice(i + 1) === short)
  );
}

function readFlag(text: string | null): boolean | undefined {
  if (text === null) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw invalid(`has pooler=${text}; write pooler=true or pooler=false`);
}

/** As libpq has it: 0 is no limit, which here is the default one. */
function readSeconds(text: string | null): number | undefined {
  if (text === null) return undefined;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 0 || text === '')
    throw invalid(`has connect_timeout=${text}; write whole seconds`);
  return seconds === 0 ? undefined : seconds * 1_000;
}

function invalid(problem: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${PATH} ${problem}.`, { path: PATH });
}
