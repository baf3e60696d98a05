import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Storage } from '@gati-framework/manifest-store';
import { onTestFinished } from 'vitest';
import { ENDPOINTS, type EndpointName, type Endpoints, type Failure } from '../../src/api/index.js';
import { type Studio, type StudioOptions, serveStudio } from '../../src/open-studio.js';

/** What a server answered, as it is. */
export interface Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RequestOptions {
  readonly method?: string;
  /** `undefined` leaves one out that is sent otherwise. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array;
}

type QueryOf<N extends EndpointName> = Endpoints[N] extends { readonly query: infer Q }
  ? Q
  : Record<string, never>;
type BodyOf<N extends EndpointName> = Endpoints[N] extends { readonly body: infer B } ? B : never;

/** A studio that is being served, and a client of it that has the token. */
export interface ServedStudio {
  readonly studio: Studio;
  readonly token: string;
  send(path: string, options?: RequestOptions): Promise<Response>;
  ask<N extends EndpointName>(
    name: N,
    query?: QueryOf<N>,
    file?: string | Uint8Array,
  ): Promise<Endpoints[N]['answer']>;
  post<N extends EndpointName>(name: N, body: BodyOf<N>): Promise<Endpoints[N]['answer']>;
  /** Why it is refused. */
  failure(
    name: EndpointName,
    query: object,
    file?: string | Uint8Array,
  ): Promise<Failure['error'] & { status: number }>;
  postFailure(name: EndpointName, body: object): Promise<Failure['error'] & { status: number }>;
}

/** Calls a function when what is served is not needed any more. */
export type AtEnd = (end: () => Promise<void>) => void;

/** Serves a storage, until the test ends unless something else is said, with a page of one line. */
export async function serve(
  storage: Storage,
  options: StudioOptions = {},
  atEnd: AtEnd = onTestFinished,
): Promise<ServedStudio> {
  const failures: unknown[] = [];
  const page = smallPage();
  const studio = await serveStudio(storage, { onError: (error) => failures.push(error), ...options }, page);
  atEnd(async () => {
    await studio.close();
    rmSync(page, { recursive: true, force: true });
    if (failures.length > 0) throw failures[0];
  });
  const token = new URL(studio.url).hash.slice('#token='.length);
  const send: ServedStudio['send'] = (path, sent = {}) =>
    sendTo(studio.port, path, { ...sent, headers: { authorization: `Bearer ${token}`, ...sent.headers } });
  const call = async (name: EndpointName, query: object, body?: string | Uint8Array) => {
    const { method, path } = ENDPOINTS[name];
    return await send(`${path}?${parametersOf(query)}`, { method, ...(body !== undefined && { body }) });
  };
  const answered = ({ status, body }: Response) => {
    if (status !== 200) throw new Error(`${status}: ${body}`);
    return JSON.parse(body);
  };
  const refused = ({ status, body }: Response) => {
    if (status === 200) throw new Error(`It was answered: ${body.slice(0, 500)}`);
    return { status, ...(JSON.parse(body) as Failure).error };
  };
  return {
    studio,
    token,
    send,
    ask: async (name, query, file) => answered(await call(name, query ?? {}, file)),
    post: async (name, body) => answered(await call(name, {}, JSON.stringify(body))),
    failure: async (name, query, file) => refused(await call(name, query, file)),
    postFailure: async (name, body) => refused(await call(name, {}, JSON.stringify(body))),
  };
}

function parametersOf(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return String(new URLSearchParams(given.map(([key, value]) => [key, String(value)])));
}

/** As a browser would not let a page do it: with any header, and with a path as it stands. */
export async function sendTo(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: RequestOptions = {},
): Promise<Response> {
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  const sent = request({ host: '127.0.0.1', port, path, method, headers: given as Record<string, string> });
  sent.end(body);
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode, headers: response.headers, body: text };
}

export const PAGE = '<!doctype html><title>the page</title>';

function smallPage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gati-test-'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets', 'page-1a2b3c.js'), 'export {};');
  return folder;
}
