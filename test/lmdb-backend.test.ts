import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyTuple } from '@gati-framework/manifest-store/backend';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import { open } from 'lmdb';
import { afterAll } from 'vitest';
import { createLmdbStorage } from '../examples/lmdb-backend/lmdb-storage.js';

const folder = mkdtempSync(join(tmpdir(), 'gati-lmdb-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (place: string): string => join(folder, `${place}.mdb`);

describeConformance('LMDB', {
  create: (place, options) => createLmdbStorage({ filename: fileOf(place), ...options }),
  honours: ['historyLimit', 'maxRecordBytes', 'cacheSize'],
  async damage(place, { kind, key }) {
    const database = open<{ text: string }, string[]>({ path: fileOf(place), noSubdir: true });
    const name = ['record', kind, ...keyTuple(kind, key)];
    const row = database.get(name);
    await database.put(name, { ...row, text: String(row?.text).replace(/\d/, '7').replace('{', '{"x":1,') });
    await database.close();
  },
});
