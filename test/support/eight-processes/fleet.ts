import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { StorageError, type StorageErrorCode } from '@gati-framework/manifest-store';
import { unpack } from './transport.mjs';

const MEMBER = fileURLToPath(new URL('./member.mjs', import.meta.url));

/** How each process makes its storage: what a package exports, and the options for it. */
export interface StorageFactory {
  readonly package: string;
  readonly name: string;
  readonly options: object;
}

/** A process, and what makes its storages, where that is not what makes those of all. */
export interface FleetMember {
  readonly execPath: string;
  readonly package: string;
  readonly name: string;
}

export interface Request {
  readonly type: 'create' | 'call' | 'count' | 'iterate' | 'watch' | 'next' | 'return' | 'forget';
  /** Which storage; each process has one of its own by this number. */
  readonly storage: number;
  readonly iterator?: number;
  readonly factory?: StorageFactory;
  readonly method?: string;
  readonly args?: readonly unknown[];
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { name: string; message: string; code: string; path?: string; details?: object };
}

/** Several processes, each of which opens the same stores, taking turns. */
export class Fleet {
  readonly #members: readonly ChildProcess[];
  readonly #kinds: readonly FleetMember[];
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  /** How many requests each process has answered. */
  readonly answered: number[];
  #requestCount = 0;
  #nextMember = 0;
  #storageCount = 0;
  /** A watch has begun when its process says so; requests made after it must not overtake that. */
  #barrier: Promise<unknown> = Promise.resolve();

  constructor(size: number, kinds: readonly FleetMember[] = []) {
    this.#kinds = kinds;
    this.answered = new Array(size).fill(0);
    this.#members = Array.from({ length: size }, (_, i) => {
      const { execPath } = kinds[i] ?? process;
      const member = fork(MEMBER, { serialization: 'advanced', execArgv: [], execPath });
      member.on('message', (answer) => {
        this.answered[i] = (this.answered[i] as number) + 1;
        this.#settle(answer as Answer);
      });
      member.on('exit', (code) => this.#giveUp(`a process of the fleet ended with ${code}`));
      return member;
    });
  }

  /** Resolves when every process answers. */
  async ready(): Promise<void> {
    await this.askAll({ type: 'forget', storage: 0 });
  }

  /** A number for a new storage. */
  get newStorage(): number {
    this.#storageCount += 1;
    return this.#storageCount;
  }

  /** The process whose turn it is. */
  takeTurn(): number {
    this.#nextMember = (this.#nextMember + 1) % this.#members.length;
    return this.#nextMember;
  }

  /** Asks one process; requests arrive in the order in which they are made. */
  async ask(member: number, request: Request): Promise<unknown> {
    await this.#barrier;
    this.#requestCount += 1;
    const id = this.#requestCount;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#members[member]?.send({ id, ...this.#asks(member, request) });
    return unpack(await answer);
  }

  #asks(member: number, request: Request): Request {
    const kind = this.#kinds[member];
    if (request.factory === undefined || kind === undefined) return request;
    return { ...request, factory: { ...request.factory, package: kind.package, name: kind.name } };
  }

  /** As {@link ask}, and everything that is asked later waits for the answer. */
  askFirst(member: number, request: Request): Promise<unknown> {
    const answer = this.ask(member, request);
    this.#barrier = answer.catch(() => {});
    return answer;
  }

  /** Asks every process at once. */
  async askAll(request: Request): Promise<void> {
    await Promise.all(this.#members.map((_, member) => this.ask(member, request)));
  }

  async stop(): Promise<void> {
    const exits = this.#members.map((member) => once(member, 'exit'));
    for (const member of this.#members) member.disconnect();
    await Promise.all(exits);
  }

  #giveUp(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }

  #settle({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(toError(error));
  }
}

function toError({ name, message, code, path, details }: NonNullable<Answer['error']>): Error {
  if (name !== 'StorageError') return Object.assign(new Error(message), { name });
  const options = { ...(path !== undefined && { path }), ...(details && { details: { ...details } }) };
  return new StorageError(code as StorageErrorCode, message, options);
}
