import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { beforeEach, describe, expect, test } from 'vitest';
import { ENDPOINTS, EVENTS_PATH, LIMITS } from '../src/api/index.js';
import { openStudio } from '../src/index.js';
import { PAGE, type ServedStudio, sendTo, serve } from './support/studio.js';

const OVERVIEW = ENDPOINTS.overview.path;

let served: ServedStudio;

beforeEach(async () => {
  served = await serve(createInMemoryStorage());
});

const EVERY_PATH = [...Object.values(ENDPOINTS), { method: 'GET', path: EVENTS_PATH }];

describe('a name that leads to this machine and is not its own', () => {
  test.each([
    'evil.example',
    'evil.example:80',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.1.7',
  ])('is refused as Host: %s, for the page and for what it asks', async (host) => {
    for (const path of ['/', OVERVIEW, '/assets/page-1a2b3c.js']) {
      const { status, body } = await served.send(path, { headers: { host } });
      expect({ status, code: JSON.parse(body).error.code }).toEqual({
        status: 403,
        code: 'STUDIO_FORBIDDEN',
      });
    }
  });

  test.each(['localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'localhost'])(
    'is none at the end of a tunnel: %s',
    async (host) => {
      const { status } = await served.send(OVERVIEW, { headers: { host } });
      expect(status).toBe(200);
    },
  );
});

describe('the page of another site', () => {
  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    // Another server of this machine is another site, too.
    { origin: 'http://localhost:3000' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('asks in vain, even with the token: %o', async (headers) => {
    for (const { method, path } of EVERY_PATH) {
      const { status, body, headers: answered } = await served.send(path, { method, headers });
      expect({ status, code: JSON.parse(body).error.code }).toEqual({
        status: 403,
        code: 'STUDIO_FORBIDDEN',
      });
      expect(answered).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('is told apart from the page of the studio', async () => {
    const host = `localhost:${served.studio.port}`;
    const headers = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    expect((await served.send(OVERVIEW, { headers })).status).toBe(200);
  });
});

describe('the token', () => {
  test.each([undefined, 'Bearer', 'Bearer ', 'Bearer wrong', `Bearer ${'A'.repeat(43)}`, 'Basic dG9rZW4='])(
    'is needed for whatever is asked: %s is not enough',
    async (authorization) => {
      for (const { method, path } of [...EVERY_PATH, { method: 'GET', path: '/api/nothing' }]) {
        const { status, body } = await served.send(path, { method, headers: { authorization } });
        expect({ status, code: JSON.parse(body).error.code }).toEqual({ status: 401, code: 'STUDIO_TOKEN' });
      }
    },
  );

  test('is not taken from the address, and is another one for each studio', async () => {
    const { token } = served;
    const { status } = await sendTo(served.studio.port, `${OVERVIEW}?token=${token}`);
    expect(status).toBe(401);
    const other = await serve(createInMemoryStorage());
    expect((await other.send(OVERVIEW, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    // 256 bits that a generator for such things has made.
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(createHash('sha256').update(token).digest('hex')).not.toBe(
      createHash('sha256').update(other.token).digest('hex'),
    );
  });

  test('is reached by a link for the command line of a browser, once, and by the newest one only', async () => {
    const { studio, token } = served;
    const older = new URL(studio.launchUrl()).pathname;
    const newest = new URL(studio.launchUrl()).pathname;
    expect(newest).not.toContain(token);
    expect((await sendTo(studio.port, older)).status).toBe(401);
    expect((await sendTo(studio.port, `${newest}x`)).status).toBe(401);
    const first = await sendTo(studio.port, newest);
    expect(first).toMatchObject({ status: 303, headers: { location: `/#token=${token}` } });
    expect((await sendTo(studio.port, newest)).status).toBe(401);
  });
});

test('every answer keeps the page to what is here, and out of the frames and windows of others', async () => {
  for (const path of ['/', '/assets/page-1a2b3c.js', OVERVIEW, '/api/nothing', '/assets/nothing.js']) {
    const { headers } = await served.send(path);
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; .*frame-ancestors 'none'/,
      ),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(headers).not.toHaveProperty('set-cookie');
  }
  expect((await served.send(OVERVIEW)).headers['cache-control']).toBe('no-store');
});

describe('addresses', () => {
  test('of the page are all answered with it, and its files by their names', async () => {
    for (const path of ['/', '/handlers/users.get', '/a/b/c?at=3', '/%E0%A4%A', '/index.html']) {
      expect(await served.send(path)).toMatchObject({ status: 200, body: PAGE });
    }
    expect(await served.send('/assets/page-1a2b3c.js')).toMatchObject({
      status: 200,
      headers: { 'cache-control': expect.stringContaining('immutable') },
    });
    expect((await served.send('/assets/nothing.js')).status).toBe(404);
  });

  test.each([
    '/assets/../../../../../../etc/passwd',
    '/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
    '/..\\..\\..\\..\\etc\\passwd',
    '//etc/passwd',
    '/assets/%00',
    'http://evil.example/etc/passwd',
  ])('lead to nothing outside: %s', async (path) => {
    const { body } = await served.send(path);
    expect(body).not.toContain('root:');
    expect(body === PAGE || JSON.parse(body).error.code === 'STUDIO_NOT_FOUND').toBe(true);
  });

  test('have one method each', async () => {
    for (const { method, path } of EVERY_PATH) {
      for (const other of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'].filter(
        (one) => one !== method,
      )) {
        const { status, headers } = await served.send(path, { method: other });
        expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: method });
      }
    }
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await served.send('/', { method })).status).toBe(405);
  });

  test('take what they know, once, and nothing else', async () => {
    for (const query of [
      'limit=0',
      `limit=${LIMITS.page + 1}`,
      'limit=1e9',
      'at=-1',
      'status=gone',
      'nothing=1',
      'q=a&q=b',
    ]) {
      const { status, body } = await served.send(`${ENDPOINTS.handlers.path}?${query}`);
      expect({ status, code: JSON.parse(body).error.code }).toEqual({ status: 400, code: 'INVALID_OPTIONS' });
    }
  });
});

describe('what is sent', () => {
  test('is read no further than it may be long', async () => {
    const writable = await serve(createInMemoryStorage(), { write: true });
    const body = JSON.stringify({ to: 0, dryRun: true, note: 'x'.repeat(LIMITS.request) });
    const { status, body: answer } = await writable.send(ENDPOINTS.rollback.path, { method: 'POST', body });
    expect({ status, code: JSON.parse(answer).error.code }).toEqual({
      status: 413,
      code: 'STUDIO_TOO_LARGE',
    });
  });

  test('is refused at once where it says that it is too long', async () => {
    const headers = { 'content-length': String(LIMITS.upload + 1) };
    const sent = request({
      host: '127.0.0.1',
      port: served.studio.port,
      path: `${ENDPOINTS.check.path}?name=a.yaml`,
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${served.token}` },
    });
    sent.flushHeaders();
    const [response] = await once(sent, 'response');
    expect(response.statusCode).toBe(413);
    expect(response.headers.connection).toBe('close');
    sent.destroy();
  });

  test('is cut off where it is longer than it may be and does not say so', async () => {
    const sent = request({
      host: '127.0.0.1',
      port: served.studio.port,
      path: `${ENDPOINTS.check.path}?name=a.yaml`,
      method: 'POST',
      headers: { authorization: `Bearer ${served.token}`, 'transfer-encoding': 'chunked' },
    });
    sent.on('error', () => {}); // the server ends the connection while it is written to
    const answered = once(sent, 'response');
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    let isAnswered = false;
    void answered.then(() => {
      isAnswered = true;
    });
    for (let written = 0; written < 2 * LIMITS.upload && !isAnswered; written += chunk.length)
      if (!sent.write(chunk)) await Promise.race([once(sent, 'drain'), answered]);
    const [response] = await answered;
    expect(response.statusCode).toBe(413);
    expect(isAnswered).toBe(true);
    sent.destroy();
  });

  test('must be JSON, and what its address reads', async () => {
    const writable = await serve(createInMemoryStorage(), { write: true });
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      '{"to":"x","dryRun":true}',
      '{"to":1}',
      '{"to":1,"dryRun":true,"expectRevision":1}',
      '\u00ff',
    ]) {
      const { status } = await writable.send(ENDPOINTS.rollback.path, { method: 'POST', body });
      expect(status, body).toBe(400);
    }
  });
});

test('without write, nothing that changes the store is done or even planned', async () => {
  for (const name of ['rollback', 'prune', 'delete'] as const)
    expect(await served.postFailure(name, BODIES[name])).toMatchObject({
      status: 403,
      code: 'STUDIO_READONLY',
    });
  expect(await served.failure('deploy', { name: 'a.json', dryRun: true }, '{}')).toMatchObject({
    status: 403,
    code: 'STUDIO_READONLY',
  });
});

const BODIES = {
  rollback: { to: 0, dryRun: true },
  prune: { keep: 1, dryRun: true },
  delete: { target: { handlerId: 'users.get' }, dryRun: true },
};

test('a studio is served to this machine only', async () => {
  await expect(openStudio(createInMemoryStorage(), { host: '0.0.0.0' })).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    path: 'options.host',
    message: expect.stringContaining('ssh -L'),
  });
});

test('a port that is in use is said to be so', async () => {
  await expect(serve(createInMemoryStorage(), { port: served.studio.port })).rejects.toMatchObject({
    code: 'STUDIO_FAILED',
    path: 'port',
    message: expect.stringContaining(String(served.studio.port)),
  });
});

test('what is no storage that can be shown is refused before anything is served', async () => {
  const promise = Promise.resolve(createInMemoryStorage());
  await expect(openStudio(promise as never)).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    path: 'storage',
  });
  const plain = { ...createInMemoryStorage(), capabilities: { entries: true } };
  await expect(openStudio(plain as never)).rejects.toThrow('commit, watch, lifecycle');
  await expect(openStudio(createInMemoryStorage(), { wrote: true } as never)).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
  });
});
