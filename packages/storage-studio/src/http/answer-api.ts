import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Asked, Upload } from '../answers/endpoint.js';
import { type AnyEndpoint, ENDPOINTS_BY_PATH } from '../answers/endpoints.js';
import { EVENTS_PATH } from '../api/index.js';
import type { StudioContext } from '../studio-context.js';
import { StudioError } from '../studio-error.js';
import { streamEvents } from './event-stream.js';
import { checkInput, readJson, readQuery } from './read-input.js';
import { withUpload } from './upload.js';

/** Answers a request that was let in. */
export async function answerApi(
  context: StudioContext,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  signal: AbortSignal,
): Promise<void> {
  if (url.pathname === EVENTS_PATH) {
    assertMethod(request, response, 'GET');
    return await streamEvents(context, request, response, url.searchParams, signal);
  }
  const endpoint = ENDPOINTS_BY_PATH.get(url.pathname);
  if (endpoint === undefined) throw new StudioError('STUDIO_NOT_FOUND', `There is no ${url.pathname}.`);
  assertMethod(request, response, endpoint.method);
  sendJson(response, await askEndpoint(context, endpoint, request, url.searchParams, signal));
}

type Answer = (
  context: StudioContext,
  input: unknown,
  asked: Asked & { readonly upload?: Upload },
) => Promise<object>;

async function askEndpoint(
  context: StudioContext,
  { from, input, answer }: AnyEndpoint,
  request: IncomingMessage,
  parameters: URLSearchParams,
  signal: AbortSignal,
): Promise<object> {
  const ask = answer as unknown as Answer; // its own schema has checked the input
  if (from === 'body') return await ask(context, checkInput(input, await readJson(request)), { signal });
  const query = checkInput(input, readQuery(parameters));
  if (from === 'query') return await ask(context, query, { signal });
  return await withUpload(request, (upload) => ask(context, query, { signal, upload }));
}

function assertMethod({ method }: IncomingMessage, response: ServerResponse, wanted: string): void {
  if (method === wanted) return;
  response.setHeader('Allow', wanted);
  throw new StudioError('STUDIO_METHOD', `This address is for ${wanted}.`);
}

function sendJson(response: ServerResponse, answer: object): void {
  const body = Buffer.from(JSON.stringify(answer));
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
  });
  response.end(body);
}
