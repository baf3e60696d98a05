import { ENDPOINTS, type EndpointName, type Endpoints } from '../../api/endpoints.js';

/** Endpoints that are asked by their address alone. */
export type QueryOf<N extends EndpointName> = Endpoints[N] extends { readonly query: infer Q } ? Q : never;
export type AnswerOf<N extends EndpointName> = Endpoints[N]['answer'];

/** The address of a question. Parameters are in one order, so that what is the same question is the same text. */
export function addressOf<N extends EndpointName>(name: N, query: QueryOf<N>): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query as Record<string, unknown>).sort(([a], [b]) =>
    a < b ? -1 : 1,
  ))
    if (value !== undefined) parameters.set(key, String(value));
  const text = parameters.toString();
  return ENDPOINTS[name].path + (text === '' ? '' : `?${text}`);
}
