import assert from 'node:assert/strict';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { callRead, readMethods } from '../read-methods.js';
import { type RecordProbe, recordProbes } from '../record-probe.js';
import { manifest, timescapeMetadata, transformer } from '../records.js';
import { longestKeys, nastyKeys, separators } from '../samples/keys.js';
import { cases, type Runs } from './cases.js';

/** Stores a record under each key in `field` and expects each to be a record of its own. */
const tellsKeysApart = (probe: RecordProbe, field: string, keys: readonly string[], what: string): Runs => ({
  [`${probe.kind}: ${what} in ${field} are told apart`]: async ({ storage }) => {
    const records = keys.map((key, i) => probe.make({ [field]: key, marker: i }));
    for (const record of records) await probe.store(storage, record);
    assert.equal(storage.getStats()[probe.count], keys.length);
    for (const [i, record] of records.entries()) {
      assertSame(await probe.read(storage, record), record, `the record of key ${JSON.stringify(keys[i])}`);
    }
  },
});

const keyRuns = recordProbes.flatMap((probe) =>
  probe.keyFields.flatMap((field) => [
    tellsKeysApart(probe, field, nastyKeys, 'lookalikes and special characters'),
    tellsKeysApart(probe, field, longestKeys, 'keys of 512 bytes'),
  ]),
);

export const identityCases: readonly ConformanceCase[] = cases('identity', [], ...keyRuns, {
  'manifests: a key of two fields is a tuple, whatever the separator': async ({ storage }) => {
    for (const [i, separator] of separators.entries()) {
      const left = manifest({ handlerId: `x${i}`, version: `y${separator}z` });
      const right = manifest({ handlerId: `x${i}${separator}y`, version: 'z', path: '/right' });
      await storage.storeManifest(left);
      assertSame(await storage.getManifest(right.handlerId, 'z'), undefined, JSON.stringify(separator));
      await storage.storeManifest(right);
      assertSame(await storage.getManifest(left.handlerId, left.version), left, JSON.stringify(separator));
      assertSame(await storage.getManifest(right.handlerId, 'z'), right, JSON.stringify(separator));
      assertSame(await storage.getAllManifestVersions(left.handlerId), [left], JSON.stringify(separator));
    }
    assert.equal(storage.getStats().manifestCount, separators.length * 2);
  },
  'Timescape metadata: a key of two fields is a tuple, whatever the separator': async ({ storage }) => {
    for (const [i, separator] of separators.entries()) {
      const left = timescapeMetadata({ handlerId: `x${i}`, version: `y${separator}z` });
      const right = timescapeMetadata({
        handlerId: `x${i}${separator}y`,
        version: 'z',
        fingerprint: 'right',
      });
      await storage.storeTimescapeMetadata(left);
      await storage.storeTimescapeMetadata(right);
      const read = await storage.getTimescapeMetadata(left.handlerId, left.version);
      assertSame(read, left, JSON.stringify(separator));
      assertSame(await storage.getTimescapeMetadata(right.handlerId, 'z'), right, JSON.stringify(separator));
    }
    assert.equal(storage.getStats().timescapeMetadataCount, separators.length * 2);
  },
  'transformers: the versions they are found by are a tuple, whatever the separator': async ({ storage }) => {
    for (const [i, separator] of separators.entries()) {
      const pairs: readonly (readonly [string, string, string])[] = [
        [`x${i}`, `y${separator}z`, 'w'],
        [`x${i}${separator}y`, 'z', 'w'],
        [`x${i}`, 'y', `z${separator}w`],
      ];
      for (const [j, [handlerId, fromVersion, toVersion]] of pairs.entries()) {
        await storage.storeTransformer(transformer({ id: `t${i}-${j}`, handlerId, fromVersion, toVersion }));
      }
      for (const [j, pair] of pairs.entries()) {
        const found = await storage.getTransformersForVersions(...pair);
        assertSame(
          found.map(({ id }) => id),
          [`t${i}-${j}`],
          JSON.stringify(separator),
        );
      }
    }
  },
  'lists find nothing by a pattern, another case or another normal form': async ({ storage }) => {
    for (const handlerId of nastyKeys) await storage.storeManifest(manifest({ handlerId }));
    for (const handlerId of nastyKeys) {
      const versions = await storage.getAllManifestVersions(handlerId);
      assertSame(
        versions.map((version) => version.handlerId),
        [handlerId],
        `versions of ${JSON.stringify(handlerId)}`,
      );
      assert.equal((await storage.getManifest(handlerId))?.handlerId, handlerId);
    }
  },
  'transformers are found by exact handler and versions only': async ({ storage }) => {
    const keys = ['a', 'A', 'a ', 'a%', '%', '\u00e9', 'e\u0301', '1', '1.0', '01'];
    const triples = keys.flatMap((key): (readonly [string, string, string])[] => [
      [key, 'v', 'w'],
      ['h', key, 'w'],
      ['h', 'v', key],
    ]);
    for (const [i, [handlerId, fromVersion, toVersion]] of triples.entries()) {
      await storage.storeTransformer(transformer({ id: `t${i}`, handlerId, fromVersion, toVersion }));
    }
    for (const [i, triple] of triples.entries()) {
      const found = await storage.getTransformersForVersions(...triple);
      assertSame(
        found.map(({ id }) => id),
        [`t${i}`],
        `transformers of ${JSON.stringify(triple)}`,
      );
    }
    assertSame(await storage.getTransformersForVersions('h', 'w', 'v'), [], 'the way back');
  },
  'names that every object inherits are absent until stored': async ({ storage }) => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      for (const method of readMethods) {
        const found = await callRead(
          storage,
          method,
          method.parameters.map(() => name),
        );
        const nothing = Array.isArray(found) ? found.length === 0 : (found ?? undefined) === undefined;
        assert.ok(nothing, `${method.name}(${name}) found something in an empty storage`);
      }
    }
  },
  'kinds have keys of their own': async ({ storage }) => {
    const same = { handlerId: 'same', version: 'same', ref: 'same', id: 'same' };
    const records = recordProbes.map((probe) => probe.make(same));
    for (const [i, probe] of recordProbes.entries()) {
      await probe.store(storage, records[i]);
      for (const later of recordProbes.slice(i + 1)) {
        assert.equal(
          await later.read(storage, later.make(same)),
          later.absent,
          `${probe.kind} is read as ${later.kind}`,
        );
      }
    }
    for (const [i, probe] of recordProbes.entries()) {
      assertSame(await probe.read(storage, probe.make(same)), records[i], probe.kind);
    }
  },
});
