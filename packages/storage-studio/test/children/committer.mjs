// Deploys a handler for each line that it is given. Usage: node committer.mjs <URL of the store>
import { createInterface } from 'node:readline';
import { openStorage } from '@gati-framework/storage-tools';

const storage = await openStorage(process.argv[2]);
await storage.open();
console.log('open');
let number = 0;
for await (const _ of createInterface(process.stdin)) {
  number += 1;
  const value = {
    handlerId: `deployed.${number}`,
    version: '1.0.0',
    path: '/deployed',
    method: 'GET',
    gtypes: { request: 'A', response: 'B' },
    hooks: { before: [], after: [] },
    timescapeVersion: '1',
    policies: {},
    dependencies: { modules: [] },
    hash: 'h',
    createdAt: number,
  };
  await storage.commit([{ put: 'manifest', value }], { note: `deployment ${number}` });
}
await storage.close();
