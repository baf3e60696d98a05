import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage } from '@gati-framework/manifest-store';
import { expect } from 'vitest';
import { gtype } from './records.js';
import { temporaryFolder } from './temporary-folder.js';

/** A copy of a file that version 0.1.0 wrote. */
export function releasedFile(): string {
  const filename = join(temporaryFolder(), 'store.db');
  copyFileSync(new URL('../fixtures/sqlite-version-1.db', import.meta.url), filename);
  return filename;
}

/** Of {@link releasedFile}. */
export async function expectReleasedContent(storage: Storage): Promise<void> {
  expect(await storage.stats()).toMatchObject({
    revision: 9,
    manifestCount: 2,
    hookManifestCount: 1,
    gtypeCount: 2,
    transformerCount: 1,
    versionGraphCount: 1,
    timescapeMetadataCount: 1,
  });
  expect((await storage.getAllManifestVersions('users')).map(({ version }) => version)).toEqual([
    '1.0.0',
    '1.1.0',
  ]);
  expect((await storage.getManifest('users'))?.createdAt).toBe(2000.5);
  expect(await storage.getGType('User')).toEqual(gtype('User', 'replaced'));
  expect((await storage.getGType('Dated'))?.validators?.[0]?.value).toEqual(new Date(5));
  expect(await storage.getTransformersForVersions('users', '1.0.0', '1.1.0')).toHaveLength(1);
  const events = storage.watch({ after: 0 });
  for (let revision = 1; revision <= 9; revision++) {
    expect((await events.next()).value?.revision).toBe(revision);
  }
  await events.return?.();
}
