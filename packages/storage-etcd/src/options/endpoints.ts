import { invalidOption } from '@gati-framework/manifest-store/backend';

/** A member of the cluster, as it is reached. */
export interface Endpoint {
  /** `host:port`, for messages. */
  readonly name: string;
  /** With `http:` or `https:`. */
  readonly url: string;
}

const DEFAULT_PORT = 2379;
const FORM = "like ['etcd1.internal:2379', 'etcd2.internal:2379'], or https://... for TLS";

/** @param isSecure Whether those that name no protocol are reached through TLS. */
export function readEndpoints(value: unknown, path: string, isSecure: boolean): readonly Endpoint[] {
  const list: unknown = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(list) || list.length === 0) throw invalidOption(path, `must be ${FORM}`);
  const endpoints = list.map((one) => readEndpoint(one, path, isSecure));
  const protocols = new Set(endpoints.map(({ url }) => url.split(':', 1)[0]));
  // A password that must not be read on one way must not be on another.
  if (protocols.size > 1) throw invalidOption(path, 'must be all http or all https');
  return endpoints;
}

function readEndpoint(value: unknown, path: string, isSecure: boolean): Endpoint {
  const text = typeof value === 'string' ? value.trim() : '';
  const [, protocol = isSecure ? 'https' : 'http', address = ''] =
    /^(?:(https?):\/\/)?([^/?#@\s]+)\/?$/.exec(text) ?? [];
  if (address === '' || !URL.canParse(`${protocol}://${address}`))
    throw invalidOption(path, `must be ${FORM}`);
  if (isSecure && protocol === 'http')
    throw invalidOption(path, 'must not begin with http: where options.tls is given');
  const { hostname, port } = new URL(`${protocol}://${address}`);
  const named = /:\d+$/.exec(address)?.[0]?.slice(1);
  const name = `${hostname}:${named ?? (port === '' ? DEFAULT_PORT : port)}`;
  return { name, url: `${protocol}://${name}` };
}
