#!/usr/bin/env node
import { once } from 'node:events';
import { EXIT } from './exit-codes.js';
import { run } from './run.js';

const interrupt = new AbortController();
process.on('SIGINT', () => {
  // The second time, do not wait.
  if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
  interrupt.abort();
});

// The reader of a pipe, such as head, may have seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed);
});

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  columns: process.stdout.columns,
  signal: interrupt.signal,
  input: process.stdin,
  write: async (bytes) => {
    if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
  },
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
});
