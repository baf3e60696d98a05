import { open } from 'node:fs/promises';

/** Bytes that are written before the disk is asked to have them. */
const AT_ONCE = 32 * 1024 * 1024;

/**
 * Lets the disk have what a file holds so far while more is written: the sync at the end, by a driver
 * that blocks, has little left to do.
 */
export class Syncing {
  readonly #path: string;
  #reached = 0;
  #running: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** @param bytes That are written by now. */
  reached(bytes: number): void {
    if (this.#running !== undefined || bytes - this.#reached < AT_ONCE) return;
    this.#reached = bytes;
    this.#running = tryToSync(this.#path).finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when the file is not used any more. */
  async ended(): Promise<void> {
    await this.#running;
  }
}

/**
 * Lets the disk have what a file holds, if it is there, without blocking. It is the sync that follows which counts, so a failure
 * says nothing here. (Closing a file drops the locks that this process holds on it: not for a file that others open.)
 */
export async function tryToSync(path: string): Promise<void> {
  try {
    const file = await open(path, 'r');
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch {
    // Whoever writes to it meets what is wrong, and tells.
  }
}
