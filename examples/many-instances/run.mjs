// Four processes share one database. One of them deploys version 2.0.0 of a
// handler; the others serve it from then on, without a restart.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createManifestStore } from '@gati-framework/manifest-store';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { now } from './clock.mjs';

const INSTANCES = 4;
const [connectionString] = process.argv.slice(2);

const store = createManifestStore(createPostgresStorage({ connectionString }));
await store.commit(deploymentOf('1.0.0'));
await store.close();

const instances = await Promise.all(Array.from({ length: INSTANCES }, (_, i) => start(i + 1)));
for (const instance of instances) {
  const { version, servedBy } = await instance.request();
  console.log(`instance ${instance.number} (process ${servedBy}) serves ${version}`);
}

console.log('\ninstance 1 deploys 2.0.0 ...');
const serving = instances.map((instance) => instance.requestUntil('2.0.0'));
const seeing = instances.map((instance) => instance.next('saw'));
instances[0].child.send({ deploy: deploymentOf('2.0.0') });
const deployed = await instances[0].next('deployed');
console.log(`committed as revision ${deployed.revision}; from there:\n`);

const seen = await Promise.all(seeing);
const served = await Promise.all(serving);
instances.forEach(({ number }, i) => {
  const { revision, changes, version, at } = seen[i];
  console.log(
    `instance ${number} heard of revision ${revision} (${changes} changes, now ${version}) after ` +
      `${since(at)}, and first answered a request with it after ${since(served[i])}`,
  );
});
for (const { child } of instances) child.disconnect();

/** The instance that deploys may see its own commit before it hears that it is done. */
function since(at) {
  return `${Math.max(0, at - deployed.at).toFixed(1)} ms`;
}

async function start(number) {
  const script = fileURLToPath(new URL('./instance.mjs', import.meta.url));
  const child = fork(script, [connectionString]);
  const next = (name) =>
    new Promise((resolve, reject) => {
      child.once('exit', (status) => reject(new Error(`instance ${number} ended with status ${status}`)));
      child.on('message', function listen(message) {
        if (message[name] === undefined) return;
        child.off('message', listen);
        resolve(message[name]);
      });
    });
  const port = await next('listening');
  const request = async () => (await fetch(`http://127.0.0.1:${port}/`)).json();
  const requestUntil = async (wanted) => {
    for (;;) {
      const { version } = await request();
      if (version === wanted) return now();
    }
  };
  return { number, child, next, request, requestUntil };
}

/** A deployment is one commit: all of it is seen, or nothing. */
function deploymentOf(version) {
  const handlerId = 'orders.create';
  const createdAt = version === '1.0.0' ? 1_760_000_000_000 : 1_760_000_100_000;
  const manifest = {
    handlerId,
    version,
    path: `/v${version[0]}/orders`,
    method: 'POST',
    gtypes: { request: `Order@${version}`, response: `Order@${version}` },
    hooks: { before: [], after: [] },
    timescapeVersion: version,
    policies: {},
    dependencies: { modules: [] },
    hash: `hash-of-${version}`,
    createdAt,
  };
  const node = { version, manifestHash: manifest.hash, deployedAt: createdAt, active: true, breaking: false };
  return [
    { put: 'manifest', value: manifest },
    { put: 'gtype', value: { ref: `Order@${version}`, kind: 'object', properties: {} } },
    {
      put: 'versionGraph',
      value: { handlerId, currentVersion: version, latestVersion: version, versions: [node] },
    },
  ];
}
