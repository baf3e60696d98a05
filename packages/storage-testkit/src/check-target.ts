import { invalidOption } from '@gati-framework/manifest-store/backend';
import type { ConformanceTarget, CreateOptions } from './conformance-case.js';
import { fieldOf } from './untyped.js';

const OPTIONS: Record<keyof CreateOptions, true> = {
  historyLimit: true,
  historyAge: true,
  maxRecordBytes: true,
  cacheSize: true,
};

/** Refuses what cannot be tested, and an option that no case would ask for: its cases would be skipped in silence. */
export function checkTarget(target: ConformanceTarget): void {
  if (typeof fieldOf(target, 'create') !== 'function') {
    throw invalidOption('target', 'must be like { create: (place) => createMyStorage() }');
  }
  const { honours = [] } = target;
  if (!Array.isArray(honours) || honours.some((name) => !Object.hasOwn(OPTIONS, name))) {
    throw invalidOption('target.honours', `must be an array of ${Object.keys(OPTIONS).join(', ')}`);
  }
}

/** What `create` of a target has returned, if it is something. */
export function checkCreated<T>(storage: T): T {
  if (typeof storage === 'object' && storage !== null) return storage;
  throw invalidOption('target.create', `must return a storage, or the promise of one, and not ${storage}`);
}
