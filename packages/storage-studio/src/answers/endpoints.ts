import type { GenericSchema } from 'valibot';
import { ENDPOINTS, type EndpointName } from '../api/index.js';
import { check } from './check.js';
import { commits } from './commits.js';
import { compareFindings, compareRecords } from './compare.js';
import { compareVersions } from './compare-versions.js';
import { deletion } from './delete.js';
import { deploy } from './deploy.js';
import type { Endpoint } from './endpoint.js';
import { facets } from './facets.js';
import { handler } from './handler.js';
import { handlers } from './handlers.js';
import { impact, names } from './impact.js';
import { overview } from './overview.js';
import { prune } from './prune.js';
import { record } from './record.js';
import { rollback } from './rollback.js';
import { type } from './type.js';
import { verify } from './verify.js';
import { version } from './version.js';

const ANSWERS: { readonly [N in EndpointName]: Endpoint<N> } = {
  overview,
  handlers,
  facets,
  handler,
  version,
  type,
  record,
  compareVersions,
  compareFindings,
  compareRecords,
  impact,
  names,
  commits,
  verify,
  check,
  rollback,
  prune,
  delete: deletion,
  deploy,
};

/** An endpoint, whichever it is: its answer fits its own input. */
export interface AnyEndpoint extends Pick<Endpoint<'check'>, 'from'> {
  readonly method: 'GET' | 'POST';
  readonly input: GenericSchema;
  readonly answer: (...args: never) => Promise<object>;
}

/** Every endpoint by its path. */
export const ENDPOINTS_BY_PATH: ReadonlyMap<string, AnyEndpoint> = new Map(
  (Object.keys(ENDPOINTS) as EndpointName[]).map((name) => [
    ENDPOINTS[name].path,
    { method: ENDPOINTS[name].method, ...ANSWERS[name] },
  ]),
);
