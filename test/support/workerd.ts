import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';

const require = createRequire(import.meta.url);

/** Bundles a Worker as its tools do, and serves it until the test ends. Returns its address. */
export async function serveWorker(script: string, folder: string): Promise<string> {
  await build({
    entryPoints: [script],
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*'],
    alias: { 'node:vm': fileURLToPath(new URL('../runtimes/one-realm.mjs', import.meta.url)) },
    loader: { '.wasm': 'copy' },
    outfile: join(folder, 'worker.js'),
    logLevel: 'silent',
  });
  writeFileSync(join(folder, 'config.capnp'), configFor(folder));
  const workerd = spawn(binary(), ['serve', 'config.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  onTestFinished(async () => {
    workerd.kill('SIGKILL');
    if (workerd.exitCode === null && workerd.signalCode === null) await once(workerd, 'exit');
  });
  return `http://127.0.0.1:${await portOf(workerd)}/`;
}

function binary(): string {
  const workerd = dirname(require.resolve('workerd/package.json'));
  return join(dirname(workerd), '@cloudflare/workerd-linux-64/bin/workerd');
}

function configFor(folder: string): string {
  const wasm = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
  const modules = [
    '(name = "worker.js", esModule = embed "worker.js")',
    ...wasm.map((name) => `(name = "${name}", wasm = embed "${name}")`),
  ];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${modules.join(', ')}],
  compatibilityDate = "2025-01-01",
  compatibilityFlags = ["nodejs_compat"],
);
`;
}

async function portOf(workerd: ChildProcess): Promise<number> {
  for await (const line of createInterface({ input: workerd.stdio[3] as Readable })) {
    const { event, port } = JSON.parse(line) as { event: string; port: number };
    if (event === 'listen') return port;
  }
  throw new Error('workerd ended before it listened');
}
