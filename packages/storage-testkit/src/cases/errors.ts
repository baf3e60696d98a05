import assert from 'node:assert/strict';
import type { StorageCapabilities, StorageError } from '@gati-framework/manifest-store';
import { assertRejects } from '../assertions/rejects.js';
import type { ConformanceCase } from '../conformance-case.js';
import { callRead, readMethods } from '../read-methods.js';
import { recordProbes } from '../record-probe.js';
import { fieldOf, illTyped } from '../untyped.js';
import { cases } from './cases.js';

const METHODS_OF: Readonly<Record<keyof StorageCapabilities, readonly (string | symbol)[]>> = {
  commit: ['commit', 'get', 'stats'],
  entries: ['entries'],
  watch: ['watch'],
  history: ['log'],
  lifecycle: ['open', 'close', 'health', Symbol.asyncDispose],
  persistent: ['close'],
  multiProcess: [],
};

export const errorCases: readonly ConformanceCase[] = [
  ...cases('errors', [], {
    'a refusal is a StorageError with a code, a message and a stack': async ({ storage }) => {
      const refusal = (): Promise<StorageError> =>
        assertRejects(() => storage.storeManifest(illTyped(null)), 'INVALID_RECORD', 'manifest');
      const error = await refusal();
      assert.equal(typeof error.stack, 'string');
      assert.ok(String(error).startsWith('StorageError: '), `it is shown as ${String(error)}`);
      assert.notEqual(await refusal(), error, 'the same error object was used twice');
      await assertRejects(() => storage.getGType(''), 'INVALID_RECORD');
    },
    'every method but getStats returns a promise, of nothing in the case of writes': async ({ storage }) => {
      for (const probe of recordProbes) {
        const stored: unknown = probe.store(storage, probe.make());
        assert.ok(stored instanceof Promise, `storing a ${probe.kind} returned no promise`);
        assert.equal(await stored, undefined, `storing a ${probe.kind} resolved with a value`);
      }
      for (const method of readMethods) {
        const found: unknown = callRead(storage, method, method.example);
        assert.ok(found instanceof Promise, `${method.name} returned no promise`);
        await found;
      }
      const cleared: unknown = storage.clear();
      assert.ok(cleared instanceof Promise, 'clear returned no promise');
      assert.equal(await cleared, undefined, 'clear resolved with a value');
      const stats: unknown = storage.getStats();
      assert.ok(!(stats instanceof Promise), 'getStats returned a promise');
    },
  }),
  ...cases('capabilities', [], {
    'capabilities, when there are any, are all told, and the methods they announce exist': async ({
      storage,
    }) => {
      const capabilities = fieldOf(storage, 'capabilities');
      if (capabilities === undefined) return; // a plain StorageContract: it promises no more than that
      for (const [name, methods] of Object.entries(METHODS_OF)) {
        const told = fieldOf(capabilities, name);
        if (told === undefined && name === 'history') continue; // those who know nothing of it
        assert.equal(typeof told, 'boolean', `capabilities.${name}`);
        if (told === false) continue;
        for (const method of methods) {
          assert.equal(
            typeof fieldOf(storage, method),
            'function',
            `${name} is announced, and ${String(method)} is missing`,
          );
        }
      }
      assert.equal(typeof fieldOf(storage, 'name'), 'string', 'the name');
    },
  }),
];
