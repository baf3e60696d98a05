import { randomBytes, timingSafeEqual } from 'node:crypto';

/** Under which path links stand. */
export const LAUNCH_PATH = '/launch/';

/** Milliseconds for which a link is good. */
const LIFETIME = 60_000;

/**
 * A link that leads to the page, once: the command line of a browser is seen by every user of a machine, so the token does
 * not stand in it.
 */
export class LaunchLink {
  #code: Buffer | undefined;
  #until = 0;

  /** The path of a new link; one that was made before is good no more. */
  make(): string {
    const code = randomBytes(24).toString('base64url');
    this.#code = Buffer.from(code);
    this.#until = Date.now() + LIFETIME;
    return `${LAUNCH_PATH}${code}`;
  }

  /** Whether this is the path of a link that was not used yet. It is then. */
  use(pathname: string): boolean {
    const given = Buffer.from(pathname.slice(LAUNCH_PATH.length));
    const code = this.#code;
    if (code === undefined || given.length !== code.length || !timingSafeEqual(given, code)) return false;
    this.#code = undefined;
    return Date.now() < this.#until;
  }
}
