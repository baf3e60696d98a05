// Fills a store: `fill-store.mjs copy SOURCE TARGET`, or restore, export or records with a count for the source. Tells on
// standard output what became of it.
import { writeSync } from 'node:fs';
import { openStorage } from '@gati-framework/storage-tools';
import { exportArchive } from '@gati-framework/storage-tools/archive';
import { copyStorage, restoreArchive } from '@gati-framework/storage-tools/copy';

const [how, source, target] = process.argv.slice(2);

// At once, whatever happens to this process next.
const tell = (line) => writeSync(1, `${JSON.stringify(line)}\n`);

const WAYS = {
  async copy() {
    const from = await openStorage(source, { readOnly: true });
    return await into(async (to) => await copyStorage(from, to), from);
  },
  async restore() {
    return await into(async (to) => await restoreArchive(source, to));
  },
  async export() {
    const from = await openStorage(source, { readOnly: true });
    const summary = await exportArchive(from, target);
    await from.close();
    return summary;
  },
  async records() {
    return await into(async (to) => ({ revision: await to.commit(manifests(Number(source))) }));
  },
};

async function into(fill, from) {
  const to = await openStorage(target);
  try {
    return await fill(to);
  } finally {
    await to.close();
    await from?.close();
  }
}

async function* manifests(count) {
  for (let i = 0; i < count; i += 1) {
    const value = {
      ...{ handlerId: `handler-${i % 500}`, version: `1.${i}.0`, path: `/things/${i}`, method: 'GET' },
      ...{
        gtypes: { request: 'A', response: 'B' },
        hooks: { before: ['auth'], after: [] },
        timescapeVersion: '1',
      },
      ...{
        policies: { roles: ['admin', 'user'] },
        dependencies: { modules: ['db'] },
        hash: `h${i}`,
        createdAt: i % 7,
      },
    };
    yield { put: 'manifest', value };
  }
}

try {
  tell({ report: await WAYS[how](), maxRSS: process.resourceUsage().maxRSS });
} catch (error) {
  tell({ error: { code: error.code, message: error.message } });
}
