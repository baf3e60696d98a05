// What happens to a PostgreSQL server while clients use it.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Milliseconds that a server is away; clients go on trying for longer. */
const AWAY = 300;

/** @returns {Record<string, (clients: readonly import('../client.mjs').Client[], random: import('../seeds.mjs').Random) => Promise<void>>} */
export function postgresFaults(server) {
  const later = (injure) => async (clients, random) => {
    await random.pick(clients).answered(random.below(100));
    await injure();
  };
  return {
    'the server is killed': later(async () => {
      await server.kill();
      await pause(AWAY);
      await server.start();
    }),
    'the server is stopped at once': later(async () => {
      await server.stop('SIGQUIT');
      await server.start();
    }),
    'the server is restarted': later(async () => {
      await server.stop('SIGINT');
      await server.start();
    }),
    'the server hangs': later(async () => {
      server.pause();
      await pause(5 * AWAY);
      server.resume();
    }),
    'sessions are terminated': later(() => endSessions(server.url, 'pg_terminate_backend')),
    'statements are cancelled': later(() => endSessions(server.url, 'pg_cancel_backend')),
  };
}

/**
 * Again and again, as one that is opened anew may be met as well.
 *
 * @param {'pg_terminate_backend' | 'pg_cancel_backend'} how
 * @param {string} [spared] The `application_name` of those that are left alone.
 */
export async function endSessions(connectionString, how, spared = '') {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (let i = 0; i < 5; i += 1) {
      await client.query(
        `SELECT ${how}(pid) FROM pg_stat_activity
         WHERE pid <> pg_backend_pid() AND datname IS NOT NULL AND ($1 = '' OR application_name <> $1)`,
        [spared],
      );
      await pause(50);
    }
  } finally {
    await client.end();
  }
}
