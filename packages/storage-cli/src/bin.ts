#!/usr/bin/env node
import { once } from 'node:events';
import { constants } from 'node:os';
import { EXIT } from './exit-codes.js';
import { run } from './run.js';
import { columnsOf } from './terminal.js';

/** Milliseconds that connections have to be ended in order after a failure. */
const GRACE = 500;
const interrupt = new AbortController();
let interrupted: number = EXIT.interrupted;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    // The second time, do not wait.
    if (interrupt.signal.aborted) process.exit(interrupted);
    interrupted = 128 + constants.signals[name];
    interrupt.abort();
  });
}

// The reader of a pipe, such as head, may have seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed);
});
// Nobody can be told that nobody can be told.
process.stderr.on('error', () => {});

const code = await run(process.argv.slice(2), {
  env: process.env,
  columns: columnsOf(process.stdout, process.env),
  // A terminal without any abilities cannot write over what it shows.
  errorColumns: process.env.TERM === 'dumb' ? undefined : columnsOf(process.stderr, process.env),
  signal: interrupt.signal,
  input: process.stdin,
  write: async (bytes) => {
    if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
  },
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  status: (text) => process.stderr.write(text),
});
// What was given up may hold a connection that keeps the process alive.
if (code === EXIT.interrupted) process.exit(interrupted);
if (code === EXIT.failed) setTimeout(() => process.exit(), GRACE).unref();
process.exitCode = code;
