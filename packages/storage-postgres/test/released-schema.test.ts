import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { afterAll, expect, inject, test } from 'vitest';
import { SCHEMA_STEPS } from '../dist/schema/schema.js';
import { checksumOf } from '../dist/schema/schema-script.js';
import { dropSchema, runSql } from './support/schemas.js';

const connectionString = inject('postgresUrl');
const schema = `released_${process.pid}`;

afterAll(() => dropSchema(connectionString, schema));

/** A checksum that changes here was released before: add a step instead. */
const RELEASED = [
  '683c41a2ee7426680a3c0c47b733780f70157d217f1b9e5446e85fa5761badaf',
  'da4e4ef2dc22a3aa64f26ef066f642badccbdc1a399f07d874ecd670c0ccda53',
  '5ac97b6496f296988dc2b12d21046c46c15ce8dc62f0cbe8acf9a65d4811d639',
  '906ff21a67f289a0bbede569d59610aef2f2e7fbf3cde33bf99b86a4b6c8673b',
];

test('what was released is never changed', () => {
  expect(SCHEMA_STEPS.map(checksumOf)).toEqual(RELEASED);
});

test('the views show the records of each kind under the names of their fields', async () => {
  await using storage = createPostgresStorage({ connectionString, schema });
  await storage.storeGType({ ref: 'User', kind: 'primitive', primitiveType: 'string' });
  await storage.storeVersionGraph({
    handlerId: 'users',
    currentVersion: '1.0.0',
    latestVersion: '1.0.0',
    versions: [],
  });
  const { rows } = await runSql(
    connectionString,
    `SELECT (SELECT value::json ->> 'kind' FROM ${schema}.gtypes WHERE ref = 'User') AS gtype,
      (SELECT value::json ->> 'latestVersion' FROM ${schema}.version_graphs WHERE handler_id = 'users') AS latest,
      (SELECT count(*) FROM ${schema}.manifests)::integer AS manifests,
      (SELECT count(*) FROM ${schema}.hook_manifests)::integer AS hooks,
      (SELECT count(*) FROM ${schema}.transformers)::integer AS transformers,
      (SELECT count(*) FROM ${schema}.timescape_metadata)::integer AS metadata,
      (SELECT json_agg(changes ORDER BY revision) FROM ${schema}.commits) AS commits`,
  );
  expect(rows).toEqual([
    {
      gtype: 'primitive',
      latest: '1.0.0',
      manifests: 0,
      hooks: 0,
      transformers: 0,
      metadata: 0,
      commits: [1, 1],
    },
  ]);
});
