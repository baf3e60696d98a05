import { readFileSync } from 'node:fs';
import { invalidOption } from '@gati-framework/manifest-store/backend';
import type { EtcdStorageOptions, EtcdTlsOptions } from './options.js';

const PATH = 'options.connectionString';
const FORM = 'etcd://user:password@etcd1:2379,etcd2:2379/gati';
const PARAMETERS = ['tls', 'ca', 'cert', 'key', 'servername'];

/** What a connection string says; what it leaves out is left out. */
export function readConnectionString(written: unknown): EtcdStorageOptions {
  const parts =
    typeof written === 'string' ? /^etcd:\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/i.exec(written) : null;
  const [, authority, rest = '', query = ''] = parts ?? [];
  if (authority === undefined || authority === '') throw invalidOption(PATH, `must be like ${FORM}`);
  const at = authority.lastIndexOf('@');
  const prefix = decode(rest.replace(/^\//, '').replace(/\/$/, ''));
  return {
    endpoints: authority.slice(at + 1).split(','),
    ...(at >= 0 && readUser(authority.slice(0, at))),
    ...(prefix !== '' && { prefix }),
    ...readTls(new URLSearchParams(query)),
  };
}

function readUser(written: string): EtcdStorageOptions {
  const [user = '', ...password] = written.split(':');
  if (user === '' || password.length === 0)
    throw invalidOption(PATH, 'must name a user with a password, or none');
  return { user: decode(user), password: decode(password.join(':')) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // What it says may be the password.
    throw invalidOption(PATH, 'cannot be read; percent-encode the special characters in its password');
  }
}

function readTls(parameters: URLSearchParams): EtcdStorageOptions {
  for (const name of parameters.keys()) {
    if (parameters.getAll(name).length > 1)
      throw invalidOption(PATH, `has the parameter ${JSON.stringify(name)} more than once`);
    if (!PARAMETERS.includes(name))
      throw invalidOption(
        PATH,
        `has the parameter ${JSON.stringify(name)}; there are ${PARAMETERS.join(', ')}`,
      );
  }
  const flag = parameters.get('tls') ?? undefined;
  if (flag !== undefined && flag !== 'true' && flag !== 'false')
    throw invalidOption(PATH, 'must have tls=true or tls=false');
  const servername = parameters.get('servername');
  const tls: EtcdTlsOptions = {
    ...fileIn(parameters, 'ca'),
    ...fileIn(parameters, 'cert'),
    ...fileIn(parameters, 'key'),
    ...(servername !== null && { servername }),
  };
  const isGiven = Object.keys(tls).length > 0;
  if (flag === 'false' && isGiven) throw invalidOption(PATH, 'says tls=false, and how TLS is to be used');
  if (isGiven) return { tls };
  return flag === undefined ? {} : { tls: flag === 'true' };
}

function fileIn(parameters: URLSearchParams, name: 'ca' | 'cert' | 'key'): EtcdTlsOptions {
  const file = parameters.get(name);
  if (file === null) return {};
  try {
    return { [name]: readFileSync(file, 'utf8') };
  } catch {
    throw invalidOption(PATH, `names a file that cannot be read: ${name}=${file}`);
  }
}
