import { StorageError } from '@gati-framework/manifest-store';

export interface Host {
  readonly host: string;
  readonly port?: number;
}

/** `scheme://user:password@` and what follows the hosts. */
const CONNECTION_STRING = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#@]*)(.*)$/s;

/** The hosts that a connection string names, as they are written. */
export function splitHosts(connectionString: string): string[] {
  const hosts = CONNECTION_STRING.exec(connectionString)?.[2] ?? '';
  return hosts === '' ? [] : hosts.split(',');
}

/** The same connection string for another server. */
export function replaceHost(connectionString: string, { host, port }: Host): string {
  const authority = `${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`;
  return connectionString.replace(
    CONNECTION_STRING,
    (_, before: string, _hosts: string, after: string) => `${before}${authority}${after}`,
  );
}

export function parseHosts(hosts: readonly unknown[], path: string): Host[] {
  return hosts.map((written) => {
    const [, bracketed, plain, port] =
      /^(?:\[([^\]]+)\]|([^:[\]/@\s]+))(?::(\d{1,5}))?$/.exec(String(written)) ?? [];
    const host = bracketed ?? plain;
    if (typeof written !== 'string' || host === undefined || Number(port ?? 0) > 65_535) {
      const message = `${path} names the server ${JSON.stringify(written)}; write host or host:port.`;
      throw new StorageError('INVALID_OPTIONS', message, { path });
    }
    return port === undefined ? { host } : { host, port: Number(port) };
  });
}
