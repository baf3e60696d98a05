import { invalidOption } from '@gati-framework/manifest-store/backend';

/** NUL ends a field of what a client says first, so what follows it would be another field. */
export function assertText(value: unknown, path: string): asserts value is string {
  if (typeof value !== 'string' || value.includes('\0'))
    throw invalidOption(path, 'must be a string without NUL');
}
