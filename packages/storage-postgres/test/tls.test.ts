import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageError } from '@gati-framework/manifest-store';
import { createPostgresStorage, type PostgresStorageOptions } from '@gati-framework/storage-postgres';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Authority, type Certificate, hasOpenssl, install } from '../../../test/support/certificates.js';
import { startPostgres } from '../../../test/support/postgres-server.mjs';
import { gtype } from '../../../test/support/records.js';
import { BEYOND_THE_TEST } from './support/faults.js';
import { runSql } from './support/schemas.js';

const HBA = `
local all all trust
hostssl all with_certificate 127.0.0.1/32 cert
hostssl all all 127.0.0.1/32 scram-sha-256
`;

describe.skipIf(!hasOpenssl)('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gati-tls-'));
  let authority: Authority;
  let server: Awaited<ReturnType<typeof startPostgres>>;

  beforeAll(async () => {
    authority = new Authority(folder, 'trusted');
    const certificate = authority.sign('gati', { san: 'IP:127.0.0.1' });
    server = await startPostgres({
      settings: { ssl: 'on', ssl_ca_file: 'ca.crt' },
      hba: HBA,
      prepare: (data) => {
        install(certificate, data);
        copyFileSync(authority.certFile, join(data, 'ca.crt'));
      },
    });
  });

  afterAll(async () => {
    await server?.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  function open(options: PostgresStorageOptions) {
    const storage = createPostgresStorage({ connectionString: server.url, log: () => {}, ...options });
    onTestFinished(() => storage.close());
    return storage;
  }

  /** Fails at once, so that nobody waits for what no retry can mend. */
  async function refusal(options: PostgresStorageOptions): Promise<StorageError> {
    const error = await open({ retryTimeout: BEYOND_THE_TEST, ...options })
      .open()
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(StorageError);
    expect(error.message).not.toContain('secret');
    return error;
  }

  /** Starts the same server with another certificate, for one test. */
  async function present(certificate: Certificate): Promise<void> {
    const restart = async (next: Certificate): Promise<void> => {
      await server.stop();
      install(next, server.folder);
      await server.start();
    };
    onTestFinished(() => restart(authority.sign('gati', { san: 'IP:127.0.0.1' })));
    await restart(certificate);
  }

  /** Every connection with this name, as the server sees it. */
  async function encryption(applicationName: string, ca: string) {
    const query = `SELECT ssl, query FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
      WHERE application_name = '${applicationName}'`;
    return (await runSql(`${server.url}?sslmode=verify-full&sslrootcert=${ca}`, query)).rows;
  }

  async function expectEncrypted(options: PostgresStorageOptions): Promise<void> {
    const applicationName = `tls-${Math.random()}`;
    const storage = open({ applicationName, ...options });
    await storage.storeGType(gtype('T'));
    expect(await storage.getGType('T')).toEqual(gtype('T'));
    const found = await encryption(applicationName, authority.certFile);
    expect(found.length).toBeGreaterThanOrEqual(2); // one of them listens
    expect(found.filter(({ ssl }) => !ssl)).toEqual([]);
  }

  test('with the ca, every connection is encrypted, the one that listens as well', () =>
    expectEncrypted({ ssl: { ca: authority.cert } }));

  test('a connection string can name the ca', () =>
    expectEncrypted({
      connectionString: `${server.url}?sslmode=verify-full&sslrootcert=${authority.certFile}`,
    }));

  test('a connection string of several hosts can name the ca', () => {
    const hosts = `127.0.0.1:1,127.0.0.1:${server.port}`;
    const parameters = `sslmode=verify-full&sslrootcert=${authority.certFile}`;
    return expectEncrypted({ connectionString: `postgres://gati:secret@${hosts}/postgres?${parameters}` });
  });

  test('hosts and ssl', () =>
    expectEncrypted({
      ...({ connectionString: undefined } as object), // instead of the one that the others have
      hosts: ['127.0.0.1:1', `127.0.0.1:${server.port}`],
      ...{ user: 'gati', password: 'secret', database: 'postgres', ssl: { ca: authority.cert } },
    }));

  test("a client's certificate instead of a password", async () => {
    await runSql(
      `${server.url}?sslmode=verify-full&sslrootcert=${authority.certFile}`,
      'CREATE ROLE with_certificate LOGIN SUPERUSER',
    );
    const { cert, key } = authority.sign('with_certificate');
    const connectionString = `postgres://with_certificate@127.0.0.1:${server.port}/postgres`;
    await expectEncrypted({ connectionString, ssl: { ca: authority.cert, cert, key } });
    const error = await refusal({ connectionString, ssl: { ca: authority.cert } });
    expect(error.code).toBe('STORAGE_FORBIDDEN');
  });

  test('the options of the caller are left as they are, and may be frozen', async () => {
    const { cert, key } = authority.sign('gati');
    const ssl = { ca: authority.cert, cert, key };
    await expectEncrypted({ ssl });
    expect(Object.keys(ssl)).toEqual(['ca', 'cert', 'key']);
    await expectEncrypted({ ssl: Object.freeze({ ca: authority.cert, cert, key }) });
  });

  test('user and password beside a connection string that has none', () =>
    expectEncrypted({
      connectionString: `postgres://127.0.0.1:${server.port}/postgres`,
      ...{ user: 'gati', password: 'secret', ssl: { ca: authority.cert } },
    }));

  test('a connection string with sslmode does not make the option ssl void', () =>
    expectEncrypted({
      connectionString: `${server.url}?sslmode=verify-full`,
      ssl: { ca: authority.cert },
    }));

  test('nor does one with sslmode=disable send in plain text what the option ssl is to protect', async () => {
    const plain = await startPostgres();
    onTestFinished(() => plain.destroy());
    const connectionString = `${plain.url}?sslmode=disable`;
    const opening = async () => open({ connectionString, ssl: { ca: authority.cert } }).open();
    await expect(opening()).rejects.toBeInstanceOf(StorageError);
  });

  test('without the ca the server is not trusted', async () => {
    for (const ssl of [true, {}]) {
      const error = await refusal({ ssl });
      expect(error.code).toBe('STORAGE_UNAVAILABLE');
      expect(error.message).toMatch(/check ssl \(its ca/);
    }
    const error = await refusal({ connectionString: `${server.url}?sslmode=verify-full` });
    expect(error.message).toMatch(/check ssl \(its ca/);
  });

  test('another ca does not vouch for the server', async () => {
    const error = await refusal({ ssl: { ca: new Authority(folder, 'stranger').cert } });
    expect(error.code).toBe('STORAGE_UNAVAILABLE');
    expect(error.message).toMatch(/check ssl \(its ca/);
  });

  test('a certificate for another name is refused', async () => {
    await present(authority.sign('other', { san: 'DNS:db.example' }));
    const error = await refusal({ ssl: { ca: authority.cert } });
    expect(error.code).toBe('STORAGE_UNAVAILABLE');
    expect(error.message).toMatch(/the name in the certificate.*127\.0\.0\.1/s);
  });

  test('an expired certificate is refused', async () => {
    await present(authority.sign('gati', { san: 'IP:127.0.0.1', isExpired: true }));
    const error = await refusal({ ssl: { ca: authority.cert } });
    expect(error.code).toBe('STORAGE_UNAVAILABLE');
    expect(error.message).toMatch(/expired/);
  });

  test('a server that insists on TLS refuses a client without, and the error names ssl', async () => {
    const error = await refusal({});
    expect(error.code).toMatch(/STORAGE_(FORBIDDEN|UNAVAILABLE)/);
    expect(error.message).toMatch(/no encryption/);
    expect(error.message).toMatch(/\bssl\b/);
  });

  test('a server without TLS is refused by a client that insists', async () => {
    const plain = await startPostgres();
    onTestFinished(() => plain.destroy());
    const error = await refusal({ connectionString: plain.url, ssl: true });
    expect(error.code).toBe('STORAGE_UNAVAILABLE');
    expect(error.message).toMatch(/check ssl/);
    expect(error.message).toMatch(/does not support SSL/);
  });

  test('a ca file that does not exist is what the error tells of', () => {
    const missing = join(folder, 'missing.pem');
    const connectionString = `${server.url}?sslmode=verify-full&sslrootcert=${missing}`;
    expect(() => createPostgresStorage({ connectionString })).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTIONS',
        message: expect.stringMatching(/sslrootcert|missing\.pem/),
      }),
    );
  });

  test('the certificate is checked again when a connection is made anew', async () => {
    const storage = open({ ssl: { ca: authority.cert }, retryTimeout: 20_000 });
    await storage.storeGType(gtype('T'));
    await present(new Authority(folder, 'impostor').sign('gati', { san: 'IP:127.0.0.1' }));
    const error = await storage.storeGType(gtype('U')).catch((reason) => reason);
    expect(error.message).toMatch(/check ssl \(its ca/);
  });
});
