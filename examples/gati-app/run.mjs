// Starts instances of the application on the store that a URL names, deploys version 2.0.0 through the first of
// them, and shows what each of them answers.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const [url = 'memory:'] = process.argv.slice(2);
/** Memory is of one process, and so is a file of sql.js. */
const isShared = !/^(memory|sqljs):/.test(url);
const instances = [];
for (const number of isShared ? [1, 2] : [1]) instances.push(await start(number));

await deploy(instances[0], '1.0.0');
for (const instance of instances) await show(instance, '1.0.0');
console.log('instance 1 deploys 2.0.0, which calls a name otherwise');
await deploy(instances[0], '2.0.0');
for (const instance of instances) await show(instance, '2.0.0');
for (const instance of instances) {
  const { answer } = await ask(instance, { 'x-gati-version': '1.0.0' });
  console.log(`instance ${instance.number} answers a caller of 1.0.0 with ${answer}`);
}
for (const instance of instances) {
  const { status } = await fetch(`${instance.url}/health`);
  const ended = once(instance.child, 'exit');
  instance.child.kill('SIGTERM');
  const [code] = await ended;
  console.log(`instance ${instance.number} is healthy (${status}), and ends with status ${code}`);
}

/** Another port is tried when somebody else was faster. */
async function start(number) {
  const port = await freePort();
  const env = { ...process.env, STORE: url, PORT: String(port) };
  const child = fork(fileURLToPath(new URL('./app.mjs', import.meta.url)), {
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr.on('data', (data) => {
    complaint += data;
  });
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (message === 'listening') return { number, child, url: `http://127.0.0.1:${port}` };
  if (complaint.includes('EADDRINUSE')) return await start(number);
  console.error(complaint.trim());
  for (const { child: other } of instances) other.kill();
  process.exit(1);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function deploy({ url: base }, version) {
  const response = await fetch(`${base}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version }),
  });
  if (response.status !== 201) throw new Error(await response.text());
}

async function ask({ url: base }, headers = {}) {
  const response = await fetch(`${base}/users/7`, { headers });
  return { version: response.headers.get('x-gati-version'), answer: await response.text() };
}

/** What an instance answers as soon as it has heard of a version. */
async function show(instance, wanted) {
  for (;;) {
    const { version, answer } = await ask(instance);
    if (version !== wanted) continue;
    console.log(`instance ${instance.number} answers /users/7 with ${answer}, by version ${version}`);
    return;
  }
}
