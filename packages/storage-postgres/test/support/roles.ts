import { inject, onTestFinished } from 'vitest';
import { runSql } from './schemas.js';

let roles = 0;

/** The URL of a superuser for whom some settings are other than usual. */
export async function roleWith(...settings: readonly string[]): Promise<string> {
  roles += 1;
  const owner = inject('postgresUrl');
  const role = `set_${process.pid}_${roles}`;
  const sets = settings.map((setting) => `ALTER ROLE ${role} SET ${setting}`);
  await runSql(owner, [`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD 'pw'`, ...sets].join(';'));
  onTestFinished(async () => {
    await runSql(owner, `DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  });
  const url = new URL(owner);
  Object.assign(url, { username: role, password: 'pw' });
  return url.href;
}
