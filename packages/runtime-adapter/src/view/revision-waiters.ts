import type { Revision } from '@gati-framework/manifest-store';

interface Waiter {
  readonly revision: Revision;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Who waits until a revision is shown. */
export class RevisionWaiters {
  readonly #waiters = new Set<Waiter>();
  #shown: Revision = -1;

  async wait(revision: Revision, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (revision <= this.#shown) return;
    const { promise, resolve, reject } = withResolvers();
    const waiter = { revision, resolve, reject };
    const abort = () => reject(signal?.reason);
    this.#waiters.add(waiter);
    signal?.addEventListener('abort', abort);
    try {
      await promise;
    } finally {
      this.#waiters.delete(waiter);
      signal?.removeEventListener('abort', abort);
    }
  }

  reached(revision: Revision): void {
    this.#shown = revision;
    for (const waiter of this.#waiters) if (waiter.revision <= revision) waiter.resolve();
  }

  end(reason: unknown): void {
    for (const waiter of this.#waiters) waiter.reject(reason);
  }
}

function withResolvers(): Omit<Waiter, 'revision'> & { readonly promise: Promise<void> } {
  let settle: Omit<Waiter, 'revision'> | undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, resolve: () => settle?.resolve(), reject: (reason) => settle?.reject(reason) };
}
