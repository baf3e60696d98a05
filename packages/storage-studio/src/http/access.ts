import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { StudioError } from '../studio-error.js';

/** Names by which a browser can only mean this machine, or the end of a tunnel on its own. Any port: a tunnel has another. */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * Refuses a request that a page of another site has made: one that reached this server by a name of its own, whose address
 * it turned to this machine meanwhile, or one that a browser says comes from elsewhere.
 *
 * @throws StudioError `STUDIO_FORBIDDEN`
 */
export function assertOwnHost({ headers }: IncomingMessage): void {
  if (LOOPBACK.test(headers.host ?? '')) return;
  throw forbidden('This server answers to localhost, 127.0.0.1 and [::1] only, also through an SSH tunnel.');
}

/** As {@link assertOwnHost}, for what is not a page that is gone to. */
export function assertSameOrigin({ headers }: IncomingMessage): void {
  const { origin, host, 'sec-fetch-site': site } = headers;
  const isOwn = origin === undefined || origin.toLowerCase() === `http://${host?.toLowerCase()}`;
  if (isOwn && (site === undefined || site === 'same-origin')) return;
  throw forbidden('This request comes from the page of another site.');
}

/**
 * Refuses whoever was not given the token. How long that takes tells nothing of it.
 *
 * @throws StudioError `STUDIO_TOKEN`
 */
export function assertToken({ headers }: IncomingMessage, token: string): void {
  const [, given = ''] = /^Bearer ([\w-]{1,256})$/.exec(headers.authorization ?? '') ?? [];
  if (timingSafeEqual(digest(given), digest(token))) return;
  throw new StudioError(
    'STUDIO_TOKEN',
    'The token is missing or wrong. Open the address that gati-storage studio printed.',
  );
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function forbidden(message: string): StudioError {
  return new StudioError('STUDIO_FORBIDDEN', message);
}
