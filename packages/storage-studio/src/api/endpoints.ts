import type { Checked, CheckQuery } from './check.js';
import type { CommitsPage, CommitsQuery } from './commits.js';
import type { AsOf } from './common.js';
import type {
  ComparedFindings,
  ComparedRecords,
  CompareQuery,
  CompareVersionsQuery,
  VersionsCompared,
} from './compare.js';
import type {
  HandlerQuery,
  HandlerView,
  RecordQuery,
  RecordView,
  VersionQuery,
  VersionView,
} from './handler.js';
import type { Facets, HandlersPage, HandlersQuery } from './handlers.js';
import type { Impact, ImpactQuery, Names, NamesQuery } from './impact.js';
import type { Overview } from './overview.js';
import type { TypeAnswer, TypeQuery } from './types.js';
import type { Verified } from './verify.js';
import type {
  Deleted,
  DeleteRequest,
  Deployed,
  DeployQuery,
  Pruned,
  PruneRequest,
  RollbackRequest,
  RolledBack,
} from './writes.js';

/**
 * What is asked at which address, and what is answered; `/api/events` beside it is a stream of {@link StudioEvent}.
 *
 * `query` stands behind the `?`, numbers and booleans as JSON writes them; `body` is JSON. Every request to `/api/` needs the header
 * `Authorization: Bearer TOKEN`. What is not answered with 200 is answered with a {@link Failure}.
 */
export interface Endpoints {
  readonly overview: { readonly query: AsOf; readonly answer: Overview };
  readonly handlers: { readonly query: HandlersQuery; readonly answer: HandlersPage };
  readonly facets: { readonly query: AsOf; readonly answer: Facets };
  readonly handler: { readonly query: HandlerQuery; readonly answer: HandlerView };
  readonly version: { readonly query: VersionQuery; readonly answer: VersionView };
  readonly type: { readonly query: TypeQuery; readonly answer: TypeAnswer };
  readonly record: { readonly query: RecordQuery; readonly answer: RecordView };
  readonly compareVersions: { readonly query: CompareVersionsQuery; readonly answer: VersionsCompared };
  readonly compareFindings: { readonly query: CompareQuery; readonly answer: ComparedFindings };
  readonly compareRecords: { readonly query: CompareQuery; readonly answer: ComparedRecords };
  readonly impact: { readonly query: ImpactQuery; readonly answer: Impact };
  readonly names: { readonly query: NamesQuery; readonly answer: Names };
  readonly commits: { readonly query: CommitsQuery; readonly answer: CommitsPage };
  /** Reads all of the store, as it is now. */
  readonly verify: { readonly query: Record<string, never>; readonly answer: Verified };
  /** The body is the file. */
  readonly check: { readonly query: CheckQuery; readonly answer: Checked };
  readonly rollback: { readonly body: RollbackRequest; readonly answer: RolledBack };
  readonly prune: { readonly body: PruneRequest; readonly answer: Pruned };
  readonly delete: { readonly body: DeleteRequest; readonly answer: Deleted };
  /** The body is the file. */
  readonly deploy: { readonly query: DeployQuery; readonly answer: Deployed };
}

export type EndpointName = keyof Endpoints;

/** Method and address of each. The last four are refused without `--write` (`STUDIO_READONLY`), also as dry runs. */
export const ENDPOINTS: {
  readonly [N in EndpointName]: { readonly method: 'GET' | 'POST'; readonly path: string };
} = {
  overview: { method: 'GET', path: '/api/overview' },
  handlers: { method: 'GET', path: '/api/handlers' },
  facets: { method: 'GET', path: '/api/facets' },
  handler: { method: 'GET', path: '/api/handler' },
  version: { method: 'GET', path: '/api/version' },
  type: { method: 'GET', path: '/api/type' },
  record: { method: 'GET', path: '/api/record' },
  compareVersions: { method: 'GET', path: '/api/compare/versions' },
  compareFindings: { method: 'GET', path: '/api/compare/findings' },
  compareRecords: { method: 'GET', path: '/api/compare/records' },
  impact: { method: 'GET', path: '/api/impact' },
  names: { method: 'GET', path: '/api/names' },
  commits: { method: 'GET', path: '/api/commits' },
  verify: { method: 'GET', path: '/api/verify' },
  check: { method: 'POST', path: '/api/check' },
  rollback: { method: 'POST', path: '/api/rollback' },
  prune: { method: 'POST', path: '/api/prune' },
  delete: { method: 'POST', path: '/api/delete' },
  deploy: { method: 'POST', path: '/api/deploy' },
};

/** Where commits are told as they are made. */
export const EVENTS_PATH = '/api/events';
