import { StorageError } from '@gati-framework/manifest-store';
import { closed } from '@gati-framework/manifest-store/backend';

/**
 * Opens on first use, once; tries again after a failure; closes once, after
 * what was accepted is done.
 */
export class Lifecycle {
  readonly #doOpen: () => Promise<void>;
  readonly #doClose: () => Promise<void>;
  #opened = false;
  #closed = false;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(doOpen: () => Promise<void>, doClose: () => Promise<void>) {
    this.#doOpen = doOpen;
    this.#doClose = doClose;
  }

  /** Whether calls may proceed without waiting. */
  get isOpen(): boolean {
    return this.#opened && !this.#closed;
  }

  /** Whether there is something to put away. */
  get wasOpened(): boolean {
    return this.#opened;
  }

  /** Throws unless open: for calls that cannot wait. */
  assertOpen(): void {
    this.assertNotClosed();
    if (this.#opened) return;
    throw new StorageError(
      'STORAGE_NOT_OPEN',
      'This storage is not open yet: await open() or any other call first, or use stats(), which waits.',
    );
  }

  assertNotClosed(): void {
    if (this.#closed) throw closed();
  }

  /** Resolves once open. */
  async open(): Promise<void> {
    this.assertNotClosed();
    await this.whenOpened();
  }

  /** As open(), for what was accepted before close(): it still happens. */
  async whenOpened(): Promise<void> {
    if (this.#opened) return;
    this.#opening ??= this.#openOnce();
    await this.#opening;
  }

  /** From here on every call is refused; resolves when everything is put away. */
  close(): Promise<void> {
    this.#closed = true;
    this.#closing ??= this.#closeOnce();
    return this.#closing;
  }

  async #openOnce(): Promise<void> {
    try {
      await this.#doOpen();
      this.#opened = true;
    } finally {
      this.#opening = undefined;
    }
  }

  async #closeOnce(): Promise<void> {
    await this.#opening?.catch(() => {}); // whoever waits for it hears of it
    await this.#doClose();
  }
}
