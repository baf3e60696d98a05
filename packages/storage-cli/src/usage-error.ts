import { StorageError } from '@gati-framework/manifest-store';
import { StorageErrorBase } from '@gati-framework/manifest-store/backend';

/** What was typed cannot be meant: nothing was tried, and the command exits as after an unknown option. */
export class UsageError extends StorageErrorBase<'INVALID_OPTIONS', undefined> {
  /** @param options `path` names what was wrong, e.g. `url`. */
  constructor(message: string, options: { readonly path?: string; readonly cause?: unknown } = {}) {
    super('INVALID_OPTIONS', message, options);
  }
}

/** What `read` gives; options that it refuses were typed. */
export async function asUsage<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof StorageError) || cause.code !== 'INVALID_OPTIONS') throw cause;
    const { message, path } = cause;
    throw new UsageError(message, { cause, ...(path === undefined ? {} : { path }) });
  }
}
