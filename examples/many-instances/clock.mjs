/** Milliseconds since the epoch, with fractions; the same for every process of a machine. */
export function now() {
  return performance.timeOrigin + performance.now();
}
