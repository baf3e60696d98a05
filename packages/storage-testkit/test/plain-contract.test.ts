import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorageContract } from '@gati-framework/manifest-store';
import { type ConformanceCase, conformanceCases, manifest, runCase } from '@gati-framework/storage-testkit';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import { afterAll, describe, expect, test } from 'vitest';
import { createJsonFileStorage } from '../../../examples/custom-backend/json-file-storage.js';

const EXAMPLE = new URL('../../../examples/custom-backend/json-file-storage.ts', import.meta.url);
const GUIDE = new URL('../../manifest-store/docs/write-a-backend.md', import.meta.url);

const folder = mkdtempSync(join(tmpdir(), 'gati-json-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const create = (place: string): StorageContract => createJsonFileStorage(join(folder, `${place}.jsonl`));

describeConformance('a plain StorageContract', { create, reopen: create });

describe('a storage without capabilities', () => {
  const beyondTheContract = conformanceCases.filter(({ requires = [] }) => requires.length > 0);

  test('is asked for no more than the contract', async () => {
    for (const testCase of beyondTheContract) {
      const reachedInto: ConformanceCase = {
        ...testCase,
        run: () => Promise.reject(new Error(`"${testCase.name}" was run`)),
      };
      expect(await runCase(reachedInto, { create })).toHaveProperty('skipped');
    }
    expect(beyondTheContract.length).toBeGreaterThan(90);
  });

  test('is asked for the whole contract', async () => {
    const outcomes = [];
    for (const testCase of conformanceCases.filter(({ requires = [] }) => requires.length === 0)) {
      outcomes.push(
        await runCase(
          { ...testCase, run: async () => {} },
          { create, honours: ['maxRecordBytes', 'cacheSize'] },
        ),
      );
    }
    expect(outcomes.length).toBeGreaterThan(130);
    for (const outcome of outcomes) expect(outcome).toEqual({});
  });
});

describe('the example of a custom backend', () => {
  test('is complete in less than forty-five lines', () => {
    expect(readFileSync(EXAMPLE, 'utf8').trimEnd().split('\n').length).toBeLessThan(45);
  });

  test('is quoted in the guide as it is', () => {
    expect(readFileSync(GUIDE, 'utf8')).toContain(
      `\`\`\`ts json-file-storage.ts\n${readFileSync(EXAMPLE, 'utf8')}\`\`\`\n`,
    );
  });

  test('keeps its records in the file', async () => {
    await create('kept').storeManifest(manifest());
    const reopened = create('kept');
    expect(await reopened.getManifest('users.create')).toEqual(manifest());
    expect(reopened.getStats().manifestCount).toBe(1);
  });

  test('says with a StorageError when the file cannot be written', async () => {
    const gone = mkdtempSync(join(folder, 'gone-'));
    const storage = createJsonFileStorage(join(gone, 'store.jsonl'));
    rmSync(gone, { recursive: true });
    await expect(storage.storeManifest(manifest())).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    expect(await storage.getManifest('users.create')).toBeUndefined();
  });
});
