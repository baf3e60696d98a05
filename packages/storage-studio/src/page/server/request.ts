import type { Failure } from '../../api/common.js';
import { forgetToken, token } from './token.js';

/** What the server says when it does not do what it was asked for. */
export class RequestError extends Error {
  readonly status: number;
  /** As in {@link Failure}, or `UNREACHABLE`. */
  readonly code: string;
  readonly details: Failure['error']['details'];

  constructor(status: number, { code, message, details }: Failure['error']) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** Asks the server. The token goes along as a header: neither an address nor a cookie ever holds it. */
export async function request(address: string, init: RequestInit = {}): Promise<Response> {
  const used = token.peek();
  const headers = new Headers(init.headers);
  if (used !== undefined) headers.set('authorization', `Bearer ${used}`);
  const response = await fetch(address, { ...init, headers }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new RequestError(0, UNREACHABLE);
  });
  if (response.ok) return response;
  if (response.status === 401 && used === token.peek()) forgetToken();
  throw await errorOf(response);
}

export async function requestJson<T>(address: string, init: RequestInit = {}): Promise<T> {
  const response = await request(address, init);
  return (await response.json()) as T;
}

const UNREACHABLE: Failure['error'] = {
  code: 'UNREACHABLE',
  message: 'The studio does not answer: look whether gati-storage studio is still running.',
};

async function errorOf(response: Response): Promise<RequestError> {
  const body: Partial<Failure> = await response.json().catch(() => ({}));
  const unknown = { code: 'STUDIO_FAILED', message: `The studio answered with status ${response.status}.` };
  return new RequestError(response.status, body.error ?? unknown);
}
