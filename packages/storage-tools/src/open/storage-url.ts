import { StorageError } from '@gati-framework/manifest-store';
import { SCHEMES, type Scheme } from './schemes.js';

const URL_OF_STORE = /^([a-z][a-z0-9+.-]*):(.*)$/is;

interface StorageUrl {
  readonly scheme: Scheme;
  /** What stands behind the colon, without the space around it. */
  readonly rest: string;
}

/**
 * The file that a URL names, or undefined if it names none. It need not exist.
 *
 * @throws StorageError `INVALID_OPTIONS` when the URL names no store.
 */
export function storageFile(url: string): string | undefined {
  const { scheme, rest } = parseStorageUrl(url);
  return scheme.names === 'file' ? rest : undefined;
}

/** Parameters of a server's URL that are neither secret nor lead to a secret; any other is left out. */
const SHOWN_PARAMETERS: ReadonlySet<string> = new Set(['schema', 'pooler', 'sslmode', 'application_name']);

/** Names or addresses of servers with their ports, or none. */
const HOSTS = /^(?:(?:\[[\da-f:.]+\]|[^:,[\]]*)(?::\d*)?(?:,|$))*$/i;

/**
 * A URL of a store as it can be shown: of a server without password and without parameters that may hold one. Where the password
 * comes from `PGPASSWORD` or a password file, it opens the same store.
 *
 * @throws StorageError `INVALID_OPTIONS` when the URL names no store.
 */
export function shownUrl(url: string): string {
  const { scheme, rest } = parseStorageUrl(url);
  const [name = ''] = scheme.form.split(':', 1);
  if (scheme.names !== 'server') return `${name}:${rest}`;
  const [, authority = '', path = '', query = ''] = /^\/\/([^/?#]*)([^?#]*)\??([^#]*)/.exec(rest) ?? [];
  const [, user = '', hosts] = /^(?:([^:@]*)(?::[^@]*)?@)?([^@]*)$/.exec(authority) ?? [];
  // Else a password should have been escaped, and stands where something else is meant to.
  if (hosts === undefined || path.includes('@') || !HOSTS.test(hosts)) return `${name}:...`;
  const parameters = [...new URLSearchParams(query)].filter(([key]) => SHOWN_PARAMETERS.has(key));
  const shownQuery = parameters.length === 0 ? '' : `?${new URLSearchParams(parameters)}`;
  return `${name}://${user === '' ? '' : `${user}@`}${hosts}${path}${shownQuery}`;
}

/** @throws StorageError `INVALID_OPTIONS`, which says what is wrong and how it is written, and repeats nothing that may be a secret. */
export function parseStorageUrl(url: string): StorageUrl {
  if (typeof url !== 'string') throw invalidUrl(`The URL of a store must be a string: one of ${forms()}.`);
  const [, name = '', written = ''] = URL_OF_STORE.exec(url) ?? [];
  const scheme = SCHEMES.get(name.toLowerCase());
  if (scheme === undefined)
    throw invalidUrl(`${shown(url)} does not name a store that is available; write one of ${forms()}.`);
  const rest = written.trim();
  const problem = PROBLEMS[scheme.names](rest, scheme.form);
  if (problem !== undefined) throw invalidUrl(`${shown(url)} ${problem}.`);
  return { scheme, rest };
}

/** What is wrong with what stands behind the colon, and how it is written instead. */
const PROBLEMS: Readonly<Record<Scheme['names'], (rest: string, form: string) => string | undefined>> = {
  nothing: (rest, form) => (rest === '' ? undefined : `must be just ${form}`),
  file: problemOfFile,
  server: (rest, form) => (rest.startsWith('//') ? undefined : `has no // behind the colon; write ${form}`),
};

function problemOfFile(rest: string, form: string): string | undefined {
  if (rest === '') return `names no file; write ${form}`;
  if (/^\/\/[^/]/.test(rest)) {
    const [scheme] = form.split(':', 1);
    const file = isSafe(rest) ? rest.slice(2) : 'FILE';
    return `would be the file /${file}; write ${scheme}:${file}, or ${scheme}:/${file} if that is meant`;
  }
  if (rest.includes('?'))
    return `has parameters, and ${form} takes none; a file's name in a URL has no question mark`;
  return undefined;
}

function forms(): string {
  return [...new Set(Array.from(SCHEMES.values(), ({ form }) => form))].join(', ');
}

function shown(url: string): string {
  const [, name, rest = url] = URL_OF_STORE.exec(url) ?? [];
  if (isSafe(rest)) return `"${url}"`;
  return name === undefined ? 'The URL' : `"${name}:..."`;
}

/** Whatever a text was meant to be: a password stands before an @, or after a colon, question or equals sign. */
function isSafe(text: string): boolean {
  return !/[@:?=]/.test(text);
}

function invalidUrl(message: string): StorageError {
  return new StorageError('INVALID_OPTIONS', message, { path: 'url' });
}
