import type { FileBackend } from './file-backend.js';

/** The package that is tested: each project of vitest.config.ts runs these tests with another one. */
export const backend: FileBackend = await load(process.env.GATI_FILE_BACKEND ?? 'better-sqlite3');

async function load(name: string): Promise<FileBackend> {
  if (name === 'better-sqlite3') return (await import('./better-sqlite3.js')).BETTER_SQLITE3;
  return (await import('./node-sqlite.js')).NODE_SQLITE;
}
