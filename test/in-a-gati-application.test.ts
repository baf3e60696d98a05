import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { dropSchema } from '../packages/storage-postgres/test/support/schemas.js';
import { writeDocumentedFiles } from './support/documented-files.js';
import { freePort } from './support/free-port.mjs';
import { sharedProject } from './support/project.js';
import { manifest } from './support/records.js';

const execute = promisify(execFile);
const newFolder = sharedProject();

/** A project with the programs of in-a-gati-application.md, behind the runtime that is on npm. */
function newProject(backend = 'memory'): string {
  const project = newFolder();
  writeDocumentedFiles('packages/manifest-store/docs/in-a-gati-application.md', project);
  copyFileSync(join(project, `storage-${backend}.mjs`), join(project, 'storage.mjs'));
  return project;
}

/** The server is that of all tests, so not in the schema of the page. */
function useSchemaOfItsOwn(project: string): void {
  const schema = `application_${randomUUID().replaceAll('-', '_')}`;
  const file = join(project, 'storage.mjs');
  const shown = readFileSync(file, 'utf8');
  writeFileSync(file, shown.replace('createPostgresStorage({', `$& schema: '${schema}',`));
  onTestFinished(() => dropSchema(inject('postgresUrl'), schema));
}

interface Application {
  readonly url: string;
  /** As a supervisor does; resolves with the exit status when it has ended. */
  stop(): Promise<unknown>;
}

/** The runtime takes 0 for 3000, so a port is found first; another is tried when somebody was faster. */
async function start(project: string, env: NodeJS.ProcessEnv): Promise<Application> {
  for (;;) {
    const port = await freePort();
    const child = spawn(process.execPath, ['app.mjs'], {
      cwd: project,
      env: { ...process.env, ...env, PORT: String(port) },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const output = await outputUntilListening(child);
    if (output.includes('EADDRINUSE')) continue;
    if (child.exitCode !== null) throw new Error(output);
    const stop = async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      return (await ended)[0];
    };
    return { url: `http://127.0.0.1:${port}`, stop };
  }
}

function outputUntilListening(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let output = '';
    const read = (data: Buffer) => {
      output += data;
      if (output.includes('Gati server listening')) resolve(output);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('exit', () => resolve(output));
  });
}

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const etcd = inject('etcdUrl') === '' ? [] : ['etcd'];

describe.each(['memory', 'sqljs', 'better-sqlite3', 'postgres', ...etcd])(
  'an application with %s',
  (backend) => {
    test('answers requests from its store, says how it is, and ends when it is told to', async () => {
      const project = newProject(backend);
      const etcdUrl = inject('etcdUrl').replace(/^http/, 'etcd');
      const env = { DATABASE_URL: inject('postgresUrl'), ETCD_URL: `${etcdUrl}/${randomUUID()}` };
      if (backend === 'postgres') useSchemaOfItsOwn(project);
      const first = await start(project, env);
      const stored = manifest('users.create', '1.0.0');
      const health = await fetch(`${first.url}/health`);
      expect(await health.json()).toMatchObject({ storage: true, view: 'ready' });
      expect((await post(`${first.url}/handlers`, stored)).status).toBe(201);
      expect(await (await fetch(`${first.url}/handlers/users.create`)).json()).toEqual(stored);
      const routed = { ...manifest('users.get', '2.0.0'), path: '/users/:id' };
      expect((await post(`${first.url}/handlers`, routed)).status).toBe(201);
      const user = { id: '7', fullName: 'Ada Lovelace' };
      expect(await (await fetch(`${first.url}/users/7?page=2`)).json()).toEqual(user);
      expect(await first.stop()).toBe(0);
      if (backend === 'memory') return;

      const second = await start(project, env);
      expect(await (await fetch(`${second.url}/handlers/users.create`)).json()).toEqual(stored);
      expect(await second.stop()).toBe(0);
      // What lies beside an open file is gone: it was closed, and did not merely end.
      for (const beside of ['-oplog', '-wal', '-shm']) {
        expect(existsSync(join(project, `gati.db${beside}`))).toBe(false);
      }
    });
  },
);

const PREAMBLE = `
import { createInMemoryStorage, createStorageModule } from '@gati-framework/manifest-store';
import { createApp, getModuleLoader, registerModule, shutdownGlobalContext } from '@gati-framework/runtime';
const storage = createInMemoryStorage();
const app = createApp({ logging: false, port: await import('./port.mjs').then(({ port }) => port) });
const gctx = app.getGlobalContext();
const loader = getModuleLoader(gctx);
const answer = (value) => { console.log('ANSWER ' + JSON.stringify(value)); process.exit(); };
const code = (promise) => promise.then(() => 'resolved', (error) => error.code ?? error.message);
const type = { ref: 'User', kind: 'object' };
`;

/** Runs code in an application behind the runtime, and yields what it answers. */
async function answerOf(code: string): Promise<unknown> {
  const project = newProject();
  writeFileSync(join(project, 'trap.mjs'), PREAMBLE + code);
  const stdout = await outputOf(project);
  return JSON.parse(stdout.slice(stdout.indexOf('ANSWER ') + 'ANSWER '.length));
}

async function outputOf(project: string): Promise<string> {
  writeFileSync(join(project, 'port.mjs'), `export const port = ${await freePort()};`);
  try {
    return (await execute(process.execPath, ['trap.mjs'], { cwd: project })).stdout;
  } catch (error) {
    if (String(error).includes('EADDRINUSE')) return outputOf(project);
    throw error;
  }
}

describe('what the page says of runtime 2.0.8 is so', () => {
  test('register does not run init, and initialize does', async () => {
    const answer = await answerOf(`
      await loader.register(createStorageModule(storage), gctx);
      const before = Object.fromEntries(await loader.healthCheck());
      await loader.initialize('storage', gctx);
      answer([before, Object.fromEntries(await loader.healthCheck())]);
    `);
    expect(answer).toEqual([{ storage: false }, { storage: true }]);
  });

  test('close runs no shutdown, and shutdownGlobalContext does', async () => {
    const answer = await answerOf(`
      await loader.register(createStorageModule(storage));
      await loader.initialize('storage', gctx);
      await app.listen();
      await app.close();
      const closed = await code(storage.storeGType(type));
      await shutdownGlobalContext(gctx);
      answer([closed, await code(storage.storeGType(type))]);
    `);
    expect(answer).toEqual(['resolved', 'STORAGE_CLOSED']);
  });

  test('a timer of the runtime keeps the process after everything is closed', async () => {
    const answer = await answerOf(`
      await loader.register(createStorageModule(storage));
      await loader.initialize('storage', gctx);
      await shutdownGlobalContext(gctx);
      answer(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length > 0);
    `);
    expect(answer).toBe(true);
  });

  test('registerModule breaks what resolves with nothing, unless it is told to use no RPC', async () => {
    const answer = await answerOf(`
      registerModule(gctx, 'proxied', storage, { rpcOptions: { maxRetries: 0 } });
      registerModule(gctx, 'storage', storage, { enableRPC: false });
      const proxied = await code(gctx.modules.proxied.storeGType(type));
      const { gtypeCount } = await storage.stats();
      answer([proxied, gtypeCount, await code(gctx.modules.storage.storeGType(type))]);
    `);
    expect(answer).toEqual([
      expect.stringContaining('Failed to serialize/deserialize RPC call'),
      1,
      'resolved',
    ]);
  });

  test('a storage that was registered without RPC, or by the function of gati.config, opens at its first use', async () => {
    const answer = await answerOf(`
      const { default: config } = await import('./gati.config.js');
      const { app: registered } = await import('./register-module.mjs');
      config.modules(gctx);
      const { modules } = registered.getGlobalContext();
      answer([await code(gctx.modules.storage.storeGType(type)), await code(modules.storage.storeGType(type))]);
    `);
    expect(answer).toEqual(['resolved', 'resolved']);
  });

  test('chokidar is imported and not declared', () => {
    const installed = new URL('../node_modules/gati-runtime-published/', import.meta.url);
    const { version, dependencies, optionalDependencies, peerDependencies } = JSON.parse(
      readFileSync(new URL('package.json', installed), 'utf8'),
    );
    expect(version).toBe('2.0.8');
    expect({ ...dependencies, ...optionalDependencies, ...peerDependencies }).not.toHaveProperty('chokidar');
    expect(readFileSync(new URL('dist/hot-loader.js', installed), 'utf8')).toContain("from 'chokidar'");
  });

  test('port 0 is taken for 3000', async () => {
    expect(await answerOf('answer(createApp({ port: 0 }).getConfig().port);')).toBe(3000);
  });
});
