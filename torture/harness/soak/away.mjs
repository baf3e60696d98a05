/** Of calls that were made anew, as the server was away for longer than the storage tries by itself. */
export const repeated = { count: 0 };

/**
 * Calls until the server is there.
 *
 * @template T @param {() => Promise<T>} call @returns {Promise<T>}
 */
export async function onceThere(call) {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (error?.code !== 'STORAGE_UNAVAILABLE') throw error;
      repeated.count += 1;
    }
  }
}
