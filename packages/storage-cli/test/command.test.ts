import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openStorage } from '@gati-framework/storage-tools';
import { beforeEach, describe, expect, test } from 'vitest';
import { ok, openApi, reading, temporaryFolder, users } from '../../api-import/test/support/documents.js';
import { BIN, type Result, runCommand, type Surroundings } from './support/command.js';

let folder: string;
let store: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = `sqlite:${join(folder, 'gati.db')}`;
});

function gati(args: readonly string[], more: Surroundings = {}): Promise<Result> {
  return runCommand(args, { env: { GATI_STORAGE: store }, ...more });
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function importTwice(): Promise<Result> {
  await gati(['import', await file('old.json', users('string', '1.0.0'))]);
  return gati(['import', await file('new.json', users('number', '2.0.0'))]);
}

describe('gati-storage import', () => {
  test('says what was stored, what changed, and what could not be expressed', async () => {
    const first = await gati(['import', await file('old.json', users('string', '1.0.0'))]);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain('Imported Test API 1.0.0 as revision 1');
    expect(first.out).toContain('2 operations: 2 new, 0 changed (0 breaking), 0 left alone');
    expect(first.out).toMatch(/users\.get +1\.0\.0 +GET +\/users\/:id/);
    const second = await gati(['import', await file('new.json', users('number', '2.0.0'))]);
    expect(second.out).toContain('as revision 2');
    expect(second.out).toContain('users.get   1.0.0 -> 2.0.0 BREAKING');
    expect(second.out).toContain('! response User.name is now number, was string');
    expect(second.out).toContain('minLength (of another type) 1');
  });

  test('of the same document again changes nothing, and says so', async () => {
    await importTwice();
    const bytes = await readFile(join(folder, 'gati.db'));
    const again = await gati(['import', join(folder, 'new.json')]);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to change') });
    expect((await readFile(join(folder, 'gati.db'))).equals(bytes)).toBe(true);
  });

  test('reads YAML, and gives the report as JSON', async () => {
    const yaml =
      'openapi: 3.0.3\ninfo: {title: A, version: "1"}\npaths:\n  /a:\n    get:\n      responses:\n        200: {description: ok}\n';
    const { out } = await gati(['import', await file('api.yaml', yaml), '--json']);
    expect(JSON.parse(out)).toMatchObject({
      revision: 1,
      source: { format: 'openapi', specification: 'OpenAPI 3.0.3', version: '1' },
      added: [{ handlerId: 'GET /a', version: '1', method: 'GET', path: '/a' }],
    });
  });

  test('with --dry-run stores nothing, not even an empty store', async () => {
    const path = await file('old.json', users('string', '1.0.0'));
    const { code, out } = await gati(['import', path, '--dry-run']);
    expect(code).toBe(0);
    expect(out).toContain('Would import Test API 1.0.0');
    expect(await readdir(folder)).toEqual(['old.json']);
    await gati(['import', path]);
    const dry = await gati(['import', await file('new.json', users('number', '2.0.0')), '--dry-run']);
    expect(dry.out).toContain('users.get   1.0.0 -> 2.0.0 BREAKING');
    expect((await gati(['list'])).out).not.toContain('2.0.0');
  });

  test('of a bad document exits with 1, names the place and the remedy, and creates no store', async () => {
    const path = await file(
      'bad.yaml',
      'openapi: 3.1.0\ninfo: {title: A, version: "1"}\npaths:\n  /a:\n    get:\n',
    );
    const { code, out, err } = await gati(['import', path]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('INVALID_DOCUMENT');
    expect(err).toContain(`${path}, at paths./a.get: an operation is empty. Fill it in`);
    expect(err).not.toMatch(/\n +at /);
    expect(existsSync(join(folder, 'gati.db'))).toBe(false);
  });

  test('takes a name for the version', async () => {
    await gati(['import', await file('old.json', users('string', '1.0.0'))]);
    const path = await file('new.json', users('number', '1.0.0'));
    expect(await gati(['import', path])).toMatchObject({
      code: 1,
      err: expect.stringContaining('--version-name'),
    });
    const named = await gati(['import', path, '--version-name', '1.0.1']);
    expect(named.out).toContain('users.get   1.0.0 -> 1.0.1 BREAKING');
  });

  test('reads the _app.json of a Gati application', async () => {
    const manifests = join(folder, '.gati', 'manifests');
    await mkdir(manifests, { recursive: true });
    const handler = { relativePath: 'handlers/a.ts', route: '/a', method: 'GET', exportName: 'handler' };
    await writeFile(
      join(manifests, '_app.json'),
      JSON.stringify({ handlers: [handler], modules: [], timestamp: 1 }),
    );
    const { code, out } = await gati(['import', join(manifests, '_app.json')]);
    expect(code).toBe(0);
    expect(out).toMatch(/a\.handler +1\.0\.0 +GET +\/a/);
  });

  test('that was interrupted exits with 130 and stores nothing', async () => {
    const path = await file('old.json', users('string', '1.0.0'));
    const { code, err } = await gati(['import', path], { signal: AbortSignal.abort() });
    expect(code).toBe(130);
    expect(err).toContain('interrupted');
    expect(existsSync(join(folder, 'gati.db'))).toBe(false);
  });

  test('shows control characters of a document instead of obeying them', async () => {
    const paths = { '/a': { get: { operationId: '\u001b[31mred\u202e', responses: ok({}) } } };
    const { out } = await gati(['import', await file('a.json', openApi({ paths }))]);
    expect(out).toContain('\\u001b[31mred\\u202e');
    expect(out).not.toContain('\u001b');
  });
});

describe('gati-storage list', () => {
  test('shows each handler with its versions, the breaking ones marked, and counts', async () => {
    await importTwice();
    const { code, out } = await gati(['list']);
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^HANDLER +METHOD +PATH +VERSIONS$/);
    expect(lines[1]).toMatch(/^users\.delete +DELETE +\/users\/:id +1\.0\.0$/);
    expect(lines[2]).toMatch(/^users\.get +GET +\/users\/:id +1\.0\.0 2\.0\.0!$/);
    expect(out).toContain('2 handlers, 3 versions, 1 of them breaking (!); revision 2');
  });

  test('gives the same as JSON', async () => {
    await importTwice();
    const list = JSON.parse((await gati(['list', '--json'])).out);
    expect(list).toMatchObject({ revision: 2, counts: { manifestCount: 3, versionGraphCount: 2 } });
    expect(list.handlers[1]).toEqual({
      handlerId: 'users.get',
      method: 'GET',
      path: '/users/:id',
      latest: '2.0.0',
      versions: [
        { version: '1.0.0', breaking: false },
        { version: '2.0.0', breaking: true },
      ],
    });
  });

  test('says what to do with an empty store', async () => {
    expect((await gati(['list', '--store', 'memory:'])).out).toContain('gati-storage import <file>');
  });

  test('keeps within the width of the terminal', async () => {
    const paths = {
      [`/${'long/'.repeat(40)}`]: { get: { operationId: 'x'.repeat(150), responses: ok({}) } },
    };
    await gati(['import', await file('a.json', openApi({ paths }))]);
    for (const columns of [100, 40]) {
      const { out } = await gati(['list'], { columns });
      const [table = ''] = out.split('\n\n');
      for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
      expect(table).toContain('…');
    }
  });

  test('cuts nothing where its output goes into a pipe', async () => {
    const operationId = '名前'.repeat(50);
    const path = `/${'long/'.repeat(40)}end`;
    const paths = { [path]: { get: { operationId, responses: ok({}) } } };
    await gati(['import', await file('a.json', openApi({ paths }))]);
    const { stdout } = await promisify(execFile)(process.execPath, [BIN, 'list', '--store', store]);
    expect(stdout.split('\n')[1]).toBe(`${operationId}  GET     ${path}  1.0.0`);
  });
});

describe('gati-storage show', () => {
  test('shows the latest version, what led to it, and its types', async () => {
    await importTwice();
    const { code, out } = await gati(['show', 'users.get']);
    expect(code).toBe(0);
    expect(out).toContain('users.get  GET /users/:id\nversion 2.0.0 (latest)');
    expect(out).toMatch(
      /2\.0\.0 {2}\S+, from 1\.0\.0, BREAKING\n {4}! response User\.name is now number, was string/,
    );
    expect(out).toContain('request: #none\n  nothing');
    expect(out).toContain('response: users.get#response@2.0.0\n  200 application/json: User@2.0.0');
    expect(out).toContain('params: users.get#params\n  {\n    id: anything\n  }');
    expect(out).toContain('Reaches 1 further type\n  User@2.0.0');
  });

  test('shows an older version, also as JSON', async () => {
    await importTwice();
    expect((await gati(['show', 'users.get', '--version', '1.0.0'])).out).toContain(
      'version 1.0.0, latest is 2.0.0',
    );
    const details = JSON.parse((await gati(['show', 'users.get', '--version', '1.0.0', '--json'])).out);
    expect(details).toMatchObject({
      manifest: { version: '1.0.0' },
      latestVersion: '2.0.0',
      versions: [
        { version: '1.0.0' },
        { version: '2.0.0', breaking: true, differences: [{ breaking: true }] },
      ],
      furtherTypes: ['User'],
    });
  });

  test('of an unknown handler or version names those that there are', async () => {
    await importTwice();
    const handler = await gati(['show', 'Users']);
    expect(handler).toMatchObject({
      code: 1,
      err: expect.stringContaining('Similar ones: users.delete, users.get'),
    });
    const version = await gati(['show', 'users.get', '--version', '9']);
    expect(version).toMatchObject({ code: 1, err: expect.stringContaining('Versions: 1.0.0, 2.0.0') });
  });

  test('shows manifests of other origin as far as they go', async () => {
    {
      await using storage = await openStorage(store);
      await storage.storeManifest({
        handlerId: 'handmade',
        version: '1',
        path: '/a',
        method: ['GET', 'HEAD'],
        gtypes: { request: 'Missing', response: 'Missing' },
        hooks: { before: ['auth'], after: [] },
        timescapeVersion: '',
        policies: { roles: ['admin'], rateLimit: { limit: 5, window: 1000 } },
        dependencies: { modules: ['db'] },
        hash: 'x',
        createdAt: 0,
      });
    }
    const { out } = await gati(['show', 'handmade']);
    for (const text of [
      'GET,HEAD /a',
      'before hooks auth',
      'roles admin',
      '5 requests in 1000 ms',
      'modules db',
    ]) {
      expect(out).toContain(text);
    }
    expect(out).toContain('no version graph');
    expect(out).toContain('not in the store');
  });
});

describe('gati-storage', () => {
  test('exits with 2 and points at the help when it is used wrongly', async () => {
    for (const args of [['import'], ['frobnicate'], ['list', '--frobnicate'], ['show']]) {
      const { code, err } = await gati(args);
      expect(code).toBe(2);
      expect(err).toContain('--help');
    }
    expect(await gati([])).toMatchObject({ code: 2, err: expect.stringContaining('Usage: gati-storage') });
  });

  test('tells wrong usage in JSON to programs, and nothing else', async () => {
    for (const [args, message] of [
      [['list', '--frobnicate', '--json'], "unknown option '--frobnicate'"],
      [['show', '--json'], "missing required argument 'handlerId'"],
      [['frobnicate', '--json'], "unknown command 'frobnicate'"],
    ] as const) {
      const { code, out, err } = await gati(args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(JSON.parse(err)).toEqual({
        error: { code: 'INVALID_OPTIONS', message: expect.stringContaining(message) },
      });
    }
    const url = await gati(['import', 'a.json', '--dry-run', '--json', '--store', 'sqlite://x.db?a=b']);
    expect(url).toMatchObject({ code: 2, out: '' });
    expect(JSON.parse(url.err)).toMatchObject({ error: { code: 'INVALID_OPTIONS', path: 'url' } });
    // Behind -- stand arguments, also those that look like options.
    expect((await gati(['show', '--', '--json'])).err).toMatch(/^gati-storage: INVALID_OPTIONS|STORAGE_/);
  });

  test('prints its help and its version', async () => {
    const help = await gati(['--help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    for (const line of help.out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(await gati(['import', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('--dry-run'),
    });
    expect((await gati(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('refuses a store that it does not know, naming those that it does', async () => {
    const { code, err } = await gati(['list', '--store', 'mysql://x']);
    expect(code).toBe(2);
    expect(err).toContain('INVALID_OPTIONS');
    expect(err).toContain('memory:, sqljs:./gati.db, sqlite:./gati.db');
  });

  test('tells errors as JSON when it is to print JSON', async () => {
    const failed = await gati(['show', 'users.get', '--json', '--store', 'memory:']);
    expect(failed).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(failed.err)).toEqual({
      error: {
        code: 'INVALID_OPTIONS',
        message: expect.stringContaining('has no handler "users.get"'),
        path: 'handlerId',
      },
    });
    const interrupted = await gati(['list', '--json'], { signal: AbortSignal.abort() });
    expect(interrupted).toMatchObject({ code: 130, out: '' });
    expect(JSON.parse(interrupted.err)).toMatchObject({ error: { code: 'INTERRUPTED' } });
  });

  test('tells of a URL in words of the command, and not of its password', async () => {
    const { code, err } = await gati(['list', '--store', 'postgres://me:geheim@localhost/x?schem=y']);
    expect(code).toBe(2);
    expect(err).toContain('the URL of the store has the parameter "schem"');
    expect(err).not.toContain('geheim');
  });

  test('uses ./gati.db when no store is named', async () => {
    const path = await file('a.json', reading({ type: 'string' }));
    const { stdout } = await promisify(execFile)(process.execPath, [BIN, 'import', path], {
      cwd: folder,
      env: { PATH: process.env.PATH },
    });
    expect(stdout).toContain('as revision 1');
    expect(await readdir(folder)).toEqual(['a.json', 'gati.db']);
    expect((await gati(['list', '--store', `sqlite:${join(folder, 'gati.db')}`])).out).toContain(
      '1 handler,',
    );
  });

  test('as a process exits with the code, and with 0 when its reader has seen enough', async () => {
    const failing = promisify(execFile)(process.execPath, [BIN, 'import', join(folder, 'none.yaml')], {
      cwd: folder,
    });
    await expect(failing).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('no such file') });
    const child = spawn(process.execPath, [BIN, '--help'], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.destroy();
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });
});
