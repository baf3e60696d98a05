import { StorageError, type StorageErrorCode } from '../contract/storage-error.js';

/**
 * What an object says by itself or through its class. What somebody gave
 * Object.prototype is in every object, and was said by none.
 */
export function readField(source: object, name: string): unknown {
  if (name in Object.prototype && !Object.hasOwn(source, name)) return undefined;
  return (source as Record<string, unknown>)[name];
}

/** A proxy's trap or a getter can throw anything; what leaves here is a StorageError. */
export function guardInput<T>(label: string, code: StorageErrorCode, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    throw new StorageError(code, `${label} could not be read; give plain data.`, { path: label, cause });
  }
}

/** How a value is named in an error message. */
export function describeType(value: unknown): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'an array';
  if (value === undefined) return 'undefined';
  const type = typeof value;
  return type === 'object' ? 'an object' : `a ${type}`;
}

/** As `Array.isArray`, which throws for a revoked proxy. */
function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}
