/** Something that was waited for did not come. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

let patience = 10_000;

/** How long cases wait for something that should come at once, in milliseconds. Default: 10,000. */
export function setPatience(milliseconds: number): void {
  patience = milliseconds;
}

/** What {@link setPatience} has set. */
export function getPatience(): number {
  return patience;
}

/** Rejects when `promise` has not settled in time, saying what was waited for. */
export async function within<T>(
  promise: Promise<T>,
  what: string,
  milliseconds: number = patience,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DeadlineError(`${what} did not settle within ${milliseconds} ms`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}
