/** Thrown by what only an interruption ends, to say in words of its own what is to be said of that. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}
