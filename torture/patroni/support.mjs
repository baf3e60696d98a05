export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Resolves when it holds; rejects when it does not in time. */
export async function until(what, isTrue, timeout = 120_000) {
  const deadline = performance.now() + timeout;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`After ${timeout / 1_000} s still not: ${what}`);
    await pause(20);
  }
}
