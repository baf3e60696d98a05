import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { GRPC_STATUS, GrpcError } from './grpc-error.js';
import { FrameReader } from './grpc-frames.js';

/** What a request hears. */
export interface ExchangeListener {
  heard(): void;
  message(bytes: Buffer): void;
  /** Once; undefined: with the status of success. */
  ended(error: GrpcError | undefined): void;
  lostBy(): unknown;
}

/** One request and what comes back for it. */
export class Exchange {
  readonly #stream: ClientHttp2Stream;
  readonly #endpoint: string;
  readonly #listener: ExchangeListener;
  readonly #frames: FrameReader;
  #status: IncomingHttpHeaders | undefined;
  #failure: unknown;
  #wasSent: boolean;
  #isOver = false;

  constructor(stream: ClientHttp2Stream, endpoint: string, listener: ExchangeListener) {
    this.#stream = stream;
    this.#endpoint = endpoint;
    this.#listener = listener;
    this.#frames = new FrameReader((bytes) => listener.message(bytes));
    // On a session that is connected it goes at once, and nothing tells of it later.
    this.#wasSent = !stream.pending;
    stream.on('ready', () => {
      this.#wasSent = true;
    });
    stream.on('response', (headers) => this.#hear(headers));
    stream.on('trailers', (headers) => this.#hear(headers));
    stream.on('data', (chunk: Buffer) => {
      listener.heard();
      this.#frames.add(chunk);
    });
    stream.on('error', (error) => {
      this.#failure = error;
    });
    stream.on('close', () => this.#end());
  }

  /** Ends it from here. */
  giveUp(status: number, message: string): void {
    this.#finish(this.#error(status, message));
    this.#stream.close();
  }

  #hear(headers: IncomingHttpHeaders): void {
    this.#listener.heard();
    if (headers['grpc-status'] !== undefined || Number(headers[':status'] ?? 200) !== 200)
      this.#status = headers;
  }

  #end(): void {
    const status = this.#status;
    const code = status?.['grpc-status'];
    if (code === '0') this.#finish(undefined);
    else if (code === undefined) this.#finish(this.#lost(status));
    else this.#finish(this.#error(Number(code), textOf(status?.['grpc-message'])));
  }

  #lost(status: IncomingHttpHeaders | undefined): GrpcError {
    const cause = this.#listener.lostBy() ?? reasonOf(this.#failure);
    const reason =
      status === undefined
        ? `the connection was lost${cause instanceof Error ? `: ${cause.message.trim()}` : ''}`
        : `it answered as no etcd does, with the status ${status[':status']}`;
    return this.#error(GRPC_STATUS.unavailable, reason, cause);
  }

  #error(status: number, message: string, cause?: unknown): GrpcError {
    return new GrpcError(status, message, { wasSent: this.#wasSent, endpoint: this.#endpoint, cause });
  }

  #finish(error: GrpcError | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.ended(error);
  }
}

/** What a status says, percent-encoded. */
function textOf(message: string | readonly string[] | undefined): string {
  return decodeURIComponent(String(message ?? '').replaceAll(/%(?![0-9a-f]{2})/gi, '%25'));
}

/** Streams end because their session did, which has a reason of its own. */
function reasonOf(failure: unknown): unknown {
  return (failure instanceof Error ? failure.cause : undefined) ?? failure;
}
