import type { TestProject } from 'vitest/node';
import { offerAsTemplate, startPostgres } from './postgres-server.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of a PostgreSQL server for every test that needs nothing but a schema of its own. */
    postgresUrl: string;
  }
}

/** One server for the whole run, or the one that GATI_TEST_POSTGRES_URL names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.GATI_TEST_POSTGRES_URL;
  if (given !== undefined) {
    project.provide('postgresUrl', given);
    return async () => {};
  }
  const server = await startPostgres({ prepare: offerAsTemplate });
  project.provide('postgresUrl', server.url);
  return () => server.destroy();
}
