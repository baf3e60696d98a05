import { ENDPOINTS, type EndpointName, type Endpoints } from '../../api/endpoints.js';
import { type AnswerOf, addressOf, type QueryOf } from './address.js';
import { requestJson } from './request.js';

type BodyOf<N extends EndpointName> = Endpoints[N] extends { readonly body: infer B } ? B : never;

/** Endpoints that take JSON. */
type Asking = 'rollback' | 'prune' | 'delete';

export async function postJson<N extends Asking>(name: N, body: BodyOf<N>): Promise<AnswerOf<N>> {
  return await requestJson(ENDPOINTS[name].path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Endpoints that take a file, as it is. */
type Taking = 'check' | 'deploy';

export async function postFile<N extends Taking>(
  name: N,
  query: QueryOf<N>,
  file: Blob,
): Promise<AnswerOf<N>> {
  return await requestJson(addressOf(name, query), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
}
