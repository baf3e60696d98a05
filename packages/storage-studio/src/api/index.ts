/**
 * The HTTP API of the studio: what its page asks and what its server answers, as JSON. Everything in an answer that comes from
 * the store is data, and may be anything: it is never markup.
 *
 * Addresses of the page itself are paths outside `/api/` and `/assets/`; all of them are answered with `index.html`. The token comes
 * in the fragment of the first one, `#token=...`. The page is built into `page/` of the package, beside `dist/`, whose modules are
 * joined when it is packed. It is served with a policy that allows scripts, styles, images and requests of this server only, and
 * Trusted Types none: nothing in it may write markup.
 */
export type * from './check.js';
export type * from './commits.js';
export type * from './common.js';
export type * from './compare.js';
export { ENDPOINTS, type EndpointName, type Endpoints, EVENTS_PATH } from './endpoints.js';
export type * from './findings.js';
export type * from './handler.js';
export type * from './handlers.js';
export type * from './impact.js';
export { LIMITS, type Limits } from './limits.js';
export type * from './overview.js';
export type * from './types.js';
export type * from './verify.js';
export type * from './writes.js';
