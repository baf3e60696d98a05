import { randomInt } from 'node:crypto';
import { closed, timers } from '@gati-framework/manifest-store/backend';
import type { ResolvedOptions } from '../options/options.js';
import {
  decodeStatus,
  decodeTxn,
  decodeWatch,
  encodeLeaseGrant,
  encodeTxn,
  encodeWatch,
  type KeyRange,
  NOTHING,
  type RangeAnswer,
  type RangeRequest,
  type StatusAnswer,
  type TxnAnswer,
  type TxnRequest,
  type WatchAnswer,
} from '../wire/messages.js';
import { GrpcConnection, type GrpcStream, type Metadata } from './grpc-connection.js';
import { type GrpcError, isLeaseKnown, isTransient } from './grpc-error.js';
import { Login } from './login.js';
import { retryDelay } from './retry-delay.js';

export type ClientOptions = Pick<
  ResolvedOptions,
  'endpoints' | 'tls' | 'credentials' | 'requestTimeout' | 'retryTimeout'
>;

/** A member that takes longer is asked with more patience the next time, up to so many times the limit. */
const MOST_PATIENCE = 4;
/** Large requests take longer: so many bytes a millisecond, at least. */
const SLOWEST_REQUEST = 500;
/** In milliseconds. */
const SHORTEST_ATTEMPT = 50;
/** A member without a leader says so at once instead of waiting for one. */
const NEEDS_LEADER: Metadata = Object.freeze({ hasleader: 'true' });
const LARGEST_LEASE = 2 ** 47;

/** Tells of each attempt that failed before the one that a call ends with. */
export type OnRetry = (error: GrpcError) => void;

/**
 * A cluster of etcd, asked through whichever member answers. Every request may be sent more than once: reads, and
 * transactions whose conditions hold for one of them only.
 */
export class EtcdClient {
  readonly #connections: readonly GrpcConnection[];
  readonly #login: Login | undefined;
  readonly #requestTimeout: number;
  readonly #retryTimeout: number;
  #current: number;
  #isClosed = false;

  constructor({ endpoints, tls, credentials, requestTimeout, retryTimeout }: ClientOptions) {
    this.#connections = endpoints.map((endpoint) => new GrpcConnection(endpoint, tls));
    this.#login = credentials && new Login(credentials);
    this.#requestTimeout = requestTimeout;
    this.#retryTimeout = retryTimeout;
    // Instances that start together spread over the members.
    this.#current = randomInt(endpoints.length);
  }

  /** What is under way ends with `STORAGE_CLOSED`. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#connections) connection.close();
  }

  async range(request: RangeRequest): Promise<RangeAnswer> {
    const { ranges } = await this.txn({ success: [{ op: 'range', ...request }] });
    return ranges[0] ?? NOTHING;
  }

  async txn(request: TxnRequest, onRetry?: OnRetry): Promise<TxnAnswer> {
    return decodeTxn(await this.#call('/etcdserverpb.KV/Txn', encodeTxn(request), onRetry));
  }

  /** Begins a lease, at the end of which the keys that have it vanish. @param ttl In seconds. */
  async lease(ttl: number): Promise<number> {
    const id = 1 + randomInt(LARGEST_LEASE);
    try {
      await this.#call('/etcdserverpb.Lease/LeaseGrant', encodeLeaseGrant(id, ttl));
    } catch (error) {
      // Nobody else has this number, so it is the answer to an earlier attempt that was lost.
      if (!isLeaseKnown(error)) throw error;
    }
    return id;
  }

  /** What the member says that is asked. */
  async status(): Promise<StatusAnswer> {
    return decodeStatus(await this.#call('/etcdserverpb.Maintenance/Status', Buffer.alloc(0)));
  }

  /** Tells what becomes of keys from now on, at one member and once; keeps no process alive. */
  async watch(
    range: KeyRange,
    onAnswer: (answer: WatchAnswer) => void,
    onEnd: (error: unknown) => void,
  ): Promise<GrpcStream> {
    const connection = this.#connection(this.#current);
    const metadata = await this.#metadata(connection);
    return connection.stream('/etcdserverpb.Watch/Watch', encodeWatch(range), metadata, {
      message: (bytes) => onAnswer(decodeWatch(bytes)),
      ended: onEnd,
    });
  }

  /** The next call goes to another member. */
  turnAway(): void {
    this.#current = (this.#current + 1) % this.#connections.length;
  }

  async #call(path: string, request: Buffer, onRetry?: OnRetry): Promise<Buffer> {
    const deadline = timers.now() + this.#retryTimeout;
    let hasLoggedInAgain = false;
    for (let failures = 0; ; failures += 1) {
      if (this.#isClosed) throw closed();
      const member = this.#current;
      try {
        return await this.#attempt(member, path, request, failures, deadline);
      } catch (error) {
        if (this.#isClosed) throw closed();
        const isStale: boolean = !hasLoggedInAgain && this.#login?.forgetIf(error) === true;
        hasLoggedInAgain ||= isStale;
        if (isStale) continue;
        if (!isTransient(error) || timers.now() >= deadline) throw error;
        onRetry?.(error);
        if (this.#current === member) this.turnAway();
        await this.#pause(failures + 1, deadline);
        // With less time an attempt would say less than the last one did.
        if (deadline - timers.now() < SHORTEST_ATTEMPT) throw error;
      }
    }
  }

  /** Each member is tried at once; then they all get some time. */
  async #pause(failures: number, deadline: number): Promise<void> {
    const rounds = Math.floor(failures / this.#connections.length);
    if (failures % this.#connections.length !== 0) return;
    await timers.sleep(Math.max(0, Math.min(retryDelay(rounds), deadline - timers.now())));
  }

  async #attempt(
    member: number,
    path: string,
    request: Buffer,
    failures: number,
    deadline: number,
  ): Promise<Buffer> {
    const connection = this.#connection(member);
    const rounds = Math.floor(failures / this.#connections.length);
    const patience =
      this.#requestTimeout * Math.min(MOST_PATIENCE, 2 ** rounds) + request.length / SLOWEST_REQUEST;
    const timeout = Math.max(SHORTEST_ATTEMPT, Math.ceil(Math.min(patience, deadline - timers.now())));
    return connection.call(path, request, timeout, await this.#metadata(connection));
  }

  async #metadata(connection: GrpcConnection): Promise<Metadata> {
    if (this.#login === undefined) return NEEDS_LEADER;
    return { ...NEEDS_LEADER, token: await this.#login.token(connection, this.#requestTimeout) };
  }

  #connection(member: number): GrpcConnection {
    const connection = this.#connections[member];
    if (connection === undefined) throw new RangeError(`there is no member ${member}`);
    return connection;
  }
}
