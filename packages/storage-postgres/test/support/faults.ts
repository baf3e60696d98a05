import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Storage, StorageError, type StorageEvent } from '@gati-framework/manifest-store';
import { createPostgresStorage, type PostgresStorageOptions } from '@gati-framework/storage-postgres';
import { expect, inject, onTestFinished } from 'vitest';
import { startPostgres } from '../../../../test/support/postgres-server.mjs';
import { dropSchema } from './schemas.js';

export type PostgresServer = Awaited<ReturnType<typeof startPostgres>>;

/** A server that ends with the test. */
export async function startServer(settings: Record<string, string> = {}): Promise<PostgresServer> {
  const server = await startPostgres({ settings });
  onTestFinished(() => server.destroy());
  return server;
}

/** A storage that is closed with the test. What it warns of is kept. */
export function open(options: PostgresStorageOptions): Storage & { warnings: string[] } {
  const warnings: string[] = [];
  const storage = createPostgresStorage({ log: (line) => warnings.push(line), ...options });
  onTestFinished(() => storage.close());
  return Object.assign(storage, { warnings });
}

/**
 * A `retryTimeout` for what must be told at once: whoever retries until then does not
 * come back before the test is over. No clock is compared, so a busy machine changes nothing.
 */
export const BEYOND_THE_TEST = 600_000;

/**
 * Whether so many milliseconds have passed, as a timer tells it: on a busy machine it is late together with
 * the timers that it is compared with.
 */
export function timesUpAfter(milliseconds: number): () => boolean {
  let isUp = false;
  const timer = setTimeout(() => {
    isUp = true;
  }, milliseconds);
  onTestFinished(() => clearTimeout(timer));
  return () => isUp;
}

let schemas = 0;

function nextName(): string {
  schemas += 1;
  return `t${process.pid}_${schemas}`;
}

/** A schema on the server of all tests, which is dropped with the test. */
export function ownSchema(name = nextName()): {
  connectionString: string;
  schema: string;
} {
  const connectionString = inject('postgresUrl');
  onTestFinished(() => dropSchema(connectionString, name));
  return { connectionString, schema: name };
}

/** What a call rejects with, which is never anything but a StorageError. */
export async function errorOf(promise: Promise<unknown>): Promise<StorageError> {
  const error = await promise.then(
    (value) => new Error(`resolved with ${JSON.stringify(value)}`),
    (reason) => reason,
  );
  if (!(error instanceof StorageError)) throw error;
  return error;
}

/** Every commit so far, as another process reads them. */
export async function historyOf(options: PostgresStorageOptions): Promise<StorageEvent[]> {
  const storage = createPostgresStorage({ ...options, log: () => {} });
  try {
    const { revision } = await storage.stats();
    const events: StorageEvent[] = [];
    if (revision === 0) return events;
    for await (const event of storage.watch({ after: 0 })) {
      events.push(event);
      if (event.revision >= revision) break;
    }
    return events;
  } finally {
    await storage.close();
  }
}

/** The descriptions of the GTypes that were put, in the order of their commits; revisions have no gap. */
export function putsOf(events: readonly StorageEvent[]): string[] {
  expect(events.map(({ revision }) => revision)).toEqual(events.map((_, i) => i + 1));
  return events.flatMap(({ changes }) =>
    changes.map((change) =>
      'put' in change && change.put === 'gtype' ? (change.value.description ?? '') : '?',
    ),
  );
}

/** Fails the test when anything rejects without anybody listening. */
export function watchRejections(): void {
  const found: unknown[] = [];
  const note = (reason: unknown): void => {
    found.push(reason);
  };
  process.on('unhandledRejection', note);
  onTestFinished(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(found).toEqual([]);
  });
}

/** Runs a script until it ends by itself; after `timeout` it is killed, and its status is null. */
export async function runScript(
  script: string,
  args: readonly string[],
  timeout: number,
  flags: readonly string[] = [],
): Promise<{ status: number | null; stdout: string; stderr: string; time: number }> {
  const begun = performance.now();
  const child = spawn(process.execPath, [...flags, '--input-type=module', '-e', script, ...args], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const [status] = await once(child, 'close');
  return { status, stdout, stderr, time: performance.now() - begun };
}

/** An error as servers send it, and poolers in their name. */
export function errorResponse(severity: string, code: string, message: string): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${message}`].map((field) => `${field}\0`);
  const body = Buffer.from(`${fields.join('')}\0`);
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
