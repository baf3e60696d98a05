import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StorageError } from '@gati-framework/manifest-store';
import type { StudioContext } from '../studio-context.js';
import { StudioError } from '../studio-error.js';
import { assertOwnHost, assertSameOrigin, assertToken } from './access.js';
import { answerApi } from './answer-api.js';
import { sendFailure } from './failure.js';
import { LAUNCH_PATH, LaunchLink } from './launch-link.js';
import type { ServePage } from './page-files.js';
import { setSecurityHeaders } from './security-headers.js';

export interface StudioServerOptions {
  readonly context: StudioContext;
  readonly token: string;
  readonly servePage: ServePage;
  /** Told what went wrong that is no error of a store. */
  readonly onError: (error: unknown) => void;
  /** Ends what is being answered. */
  readonly signal: AbortSignal;
}

/** Milliseconds that a connection stays open between requests: one that is closed just when it is used again is an error. */
const KEEP_ALIVE = 60_000;

/** Milliseconds that answers have to end when the studio is closed. */
const GRACE = 200;

/** The HTTP server of one studio. */
export class StudioServer {
  readonly #options: StudioServerOptions;
  readonly #launch = new LaunchLink();
  readonly #server: Server;

  constructor(options: StudioServerOptions) {
    this.#options = options;
    const handle = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#handle(request, response);
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE }, handle);
  }

  /** @returns The port that it listens on. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) => reject(cannotListen(error, port)));
      this.#server.listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** A path that leads to the page with its token, once, within a minute. */
  launchPath(): string {
    return this.#launch.make();
  }

  /** What is being answered ends with the signal, and has a moment to say so. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const grace = setTimeout(() => this.#server.closeAllConnections(), GRACE);
    await closed;
    clearTimeout(grace);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { signal: closing } = this.#options;
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      setSecurityHeaders(response);
      await this.#answer(request, response, AbortSignal.any([gone.signal, closing]));
    } catch (error) {
      if (gone.signal.aborted) return;
      const reason = closing.aborted ? closedError() : error;
      if (!isTold(reason)) this.#options.onError(reason);
      // The rest of what was sent is not read: the connection ends with the answer.
      sendFailure(response, reason, request.complete ? {} : { Connection: 'close' });
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    assertOwnHost(request);
    const url = urlOf(request);
    if (url.pathname.startsWith('/api/')) {
      assertSameOrigin(request);
      assertToken(request, this.#options.token);
      return await answerApi(this.#options.context, request, response, url, signal);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      throw new StudioError('STUDIO_METHOD', 'This address is for GET.');
    }
    if (!url.pathname.startsWith(LAUNCH_PATH))
      return this.#options.servePage(request, response, url.pathname);
    if (!this.#launch.use(url.pathname))
      throw new StudioError(
        'STUDIO_TOKEN',
        'This link was used already, or is too old. Open the address that gati-storage studio printed.',
      );
    response.writeHead(303, { Location: `/#token=${this.#options.token}`, 'Cache-Control': 'no-store' });
    response.end();
  }
}

/** As a path of this server, whatever the request says of its host. */
function urlOf({ url = '/' }: IncomingMessage): URL {
  if (url.startsWith('/') && URL.canParse(`http://studio${url}`)) return new URL(`http://studio${url}`);
  throw new StudioError('STUDIO_NOT_FOUND', 'There is no such address.');
}

/** Errors with a code say in the answer what there is to say. */
function isTold(error: unknown): boolean {
  return typeof Object(error).code === 'string' && 'retryable' in Object(error);
}

function closedError(): StorageError {
  return new StorageError('STORAGE_CLOSED', 'The studio was closed.');
}

function cannotListen(error: NodeJS.ErrnoException, port: number): StudioError {
  const isTaken = error.code === 'EADDRINUSE';
  const message = isTaken
    ? `Port ${port} is in use. Name another one with --port, or leave it out for one that is free.`
    : `The studio cannot listen on port ${port}: ${error.message}. Name another one with --port.`;
  return new StudioError('STUDIO_FAILED', message, { path: 'port', cause: error });
}
