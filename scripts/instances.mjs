// `npm run instances`: four processes that share one PostgreSQL server, from a fresh clone.
import { root, setupWithoutNativeDriver, show } from './setup.mjs';

await setupWithoutNativeDriver();
const { startPostgres } = await import('../test/support/postgres-server.mjs');

process.on('SIGINT', () => {}); // ends the children, and then the server is put away below
process.stderr.write('Starting a PostgreSQL server ...\n');
const server = await startPostgres();
try {
  process.exitCode = await show(process.execPath, [`${root}examples/many-instances/run.mjs`, server.url]);
} finally {
  await server.destroy();
}
