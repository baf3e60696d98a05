import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import type { ConnectionOptions } from 'node:tls';
import { type Timer, timers } from '@gati-framework/manifest-store/backend';
import type { Endpoint } from '../options/endpoints.js';
import { GRPC_STATUS, GrpcError } from './grpc-error.js';
import { Exchange } from './grpc-exchange.js';
import { frame } from './grpc-frames.js';

/** Room for what a member sends before it is read: a page and its neighbours. */
const WINDOW_BYTES = 16 * 1024 * 1024;
/** What Node.js lets a session hold, in megabytes; requests and answers are bounded elsewhere. */
const SESSION_MEGABYTES = 1_024;

export type Metadata = Readonly<Record<string, string>>;

/** An answer that goes on until one of both ends it. */
export interface GrpcStream {
  end(): void;
}

/** What a stream tells: each message, and once its end. */
export interface StreamListener {
  message(bytes: Buffer): void;
  ended(error: GrpcError): void;
}

/**
 * Calls to one member over HTTP/2. It keeps no process alive: a call that is waited for does, by the timer of its
 * limit, and a stream does not. (The usual client of gRPC for Node.js holds the process as long as a stream is open.)
 */
export class GrpcConnection {
  readonly #endpoint: Endpoint;
  readonly #tls: ConnectionOptions;
  #session: ClientHttp2Session | undefined;
  /** Why the session was lost that is no more. */
  #lostBy: unknown;
  /** When the member was heard of last, by the clock of the timers. */
  #heard = 0;

  constructor(endpoint: Endpoint, tls: ConnectionOptions) {
    this.#endpoint = endpoint;
    this.#tls = tls;
  }

  /** @param timeout In milliseconds. Throws a {@link GrpcError}. */
  call(path: string, request: Buffer, timeout: number, metadata: Metadata): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const begun = timers.now();
      let answer: Buffer | undefined;
      const stream = this.#request(path, { ...metadata, 'grpc-timeout': `${Math.ceil(timeout)}m` });
      let timer: Timer | undefined;
      const settle = (error: GrpcError | undefined): void => {
        timers.clearTimeout(timer);
        if (error !== undefined) reject(error);
        else if (answer === undefined)
          reject(this.#error(GRPC_STATUS.internal, 'an answer without a message'));
        else resolve(answer);
      };
      const exchange = new Exchange(stream, this.#endpoint.name, {
        heard: () => this.#hear(),
        message: (bytes) => {
          answer = bytes;
        },
        ended: settle,
        lostBy: () => this.#lostBy,
      });
      timer = timers.setTimeout(() => {
        exchange.giveUp(GRPC_STATUS.deadlineExceeded, `no answer within ${timeout} ms`);
        // Nothing at all came meanwhile: the next call is to find out whether the member can still be reached.
        if (this.#heard < begun) this.#drop();
      }, timeout);
      stream.end(frame(request));
    });
  }

  /** @param request Its first message. */
  stream(path: string, request: Buffer, metadata: Metadata, listener: StreamListener): GrpcStream {
    const stream = this.#request(path, metadata);
    const exchange = new Exchange(stream, this.#endpoint.name, {
      heard: () => this.#hear(),
      message: (bytes) => listener.message(bytes),
      ended: (error) => listener.ended(error ?? this.#error(GRPC_STATUS.unavailable, 'the stream has ended')),
      lostBy: () => this.#lostBy,
    });
    stream.write(frame(request));
    return { end: () => exchange.giveUp(GRPC_STATUS.cancelled, 'the stream was ended here') };
  }

  /** What is under way ends with `unavailable`. */
  close(): void {
    this.#drop();
  }

  #hear(): void {
    this.#heard = timers.now();
  }

  #drop(): void {
    this.#session?.destroy();
    this.#session = undefined;
  }

  #error(status: number, message: string): GrpcError {
    return new GrpcError(status, message, { wasSent: true, endpoint: this.#endpoint.name });
  }

  #request(path: string, metadata: Metadata): ClientHttp2Stream {
    const headers = {
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'gati-storage-etcd',
      ...metadata,
    };
    try {
      this.#session ??= this.#connect();
      return this.#session.request(headers, { endStream: false });
    } catch (cause) {
      // It was lost, and nothing has told of it yet.
      this.#drop();
      const { name: endpoint } = this.#endpoint;
      const message = 'the connection was lost';
      throw new GrpcError(GRPC_STATUS.unavailable, message, { wasSent: false, endpoint, cause });
    }
  }

  #connect(): ClientHttp2Session {
    const session = connect(this.#endpoint.url, {
      ...this.#tls,
      maxSessionMemory: SESSION_MEGABYTES,
      settings: { initialWindowSize: WINDOW_BYTES, enablePush: false },
    });
    this.#lostBy = undefined;
    const lose = (error?: unknown): void => {
      if (this.#session !== session) return;
      this.#session = undefined;
      this.#lostBy = error;
    };
    session.on('error', lose);
    session.on('goaway', () => lose());
    session.on('close', () => lose());
    session.on('connect', () => {
      if (session.destroyed) return; // it was lost in the same moment
      session.setLocalWindowSize(WINDOW_BYTES);
      session.unref();
    });
    session.unref();
    return session;
  }
}
