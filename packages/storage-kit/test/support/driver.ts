import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import type { RecordDriver, StoreState } from '@gati-framework/storage-kit';

/** A store at a revision that counts no records. */
export function stateAt(revision: number): StoreState {
  return { revision, counts: Object.fromEntries(RECORD_KIND_NAMES.map((kind) => [kind, 0])) as never };
}

/** A driver of a store that is empty but for what a test makes of it. */
export function driverWith(parts: Partial<RecordDriver>): RecordDriver {
  return {
    name: 'made',
    capabilities: {
      commit: true,
      entries: true,
      watch: true,
      history: false,
      lifecycle: true,
      persistent: true,
      multiProcess: false,
    },
    open: () => stateAt(0),
    close: () => {},
    catchUp: () => true,
    read: () => [],
    commit: () => ({ outcomes: [], state: stateAt(0) }),
    scan: async function* () {},
    history: () => [],
    state: () => stateAt(0),
    ...parts,
  };
}
