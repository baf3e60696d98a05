// `gati-storage copy` of many records from a SQLite file to PostgreSQL, verified at its end: how long it takes, of that how much
// CPU its process, and how much memory it holds as it goes on. node bench/copy-to-postgres.mjs [RECORDS]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStorage } from '@gati-framework/storage-tools';
import { startPostgres } from '../test/support/postgres-server.mjs';
import { manifest } from './records.mjs';

const RECORDS = Number(process.argv[2] ?? 1_000_000);
const COMMAND = fileURLToPath(new URL('../packages/storage-cli/dist/bin.js', import.meta.url));
const MIB = 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), 'gati-copy-'));
const from = `sqlite:${join(folder, 'source.db')}`;
try {
  await fill();
  const server = await startPostgres();
  await copy(`${server.url}?schema=copy`).finally(() => server.destroy());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function fill() {
  const begin = performance.now();
  const source = await openStorage(from);
  await source.commit(records());
  await source.close();
  console.log(`${RECORDS} records written to a SQLite file in ${seconds(begin)} s`);
}

async function* records() {
  for (let i = 0; i < RECORDS; i += 1) yield { put: 'manifest', value: manifest(i, 1) };
}

async function copy(to) {
  const begin = performance.now();
  const child = spawn(process.execPath, [COMMAND, 'copy', from, to], { stdio: 'inherit' });
  const resident = [];
  let cpu = 0;
  const sampler = setInterval(() => {
    const now = figuresOf(child.pid);
    if (now === undefined) return;
    resident.push(now.resident);
    cpu = now.cpu;
  }, 100);
  const [status] = await once(child, 'exit');
  clearInterval(sampler);
  if (status !== 0) throw new Error(`the copy ended with status ${status}`);
  console.log(`copied in ${seconds(begin)} s, ${cpu.toFixed(1)} s of CPU of its own`);
  const tenth = Math.floor(resident.length / 10);
  const most = Array.from({ length: 10 }, (_, i) => Math.max(...resident.slice(i * tenth, (i + 1) * tenth)));
  console.log(
    `resident, the most of each tenth of the time, MiB: ${most.map((bytes) => Math.round(bytes / MIB)).join(' ')}`,
  );
}

/** Nothing of a process that has just ended. */
function figuresOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    const cpu = (Number(fields[11]) + Number(fields[12])) / 100; // of ticks, a hundred in a second
    return { cpu, resident: Number(fields[21]) * 4096 };
  } catch {
    return undefined;
  }
}

function seconds(begin) {
  return ((performance.now() - begin) / 1000).toFixed(1);
}
