import type { Revision } from '@gati-framework/manifest-store';
import type { PastStorage } from '@gati-framework/storage-tools/history';
import { invalidInput } from '../answers/invalid-input.js';
import type { StateInfo, StateName } from '../api/index.js';
import { otherStore, pinned, type StudioContext, type StudioStore } from '../studio-context.js';

/** A state that is compared: a store as of one revision. */
export interface ComparedState {
  readonly info: StateInfo;
  readonly store: StudioStore;
  readonly storage: PastStorage;
}

/**
 * The store that a name stands for, as of its revision, or of the present one.
 *
 * @param fixed The revision in place of the present one.
 */
export async function readState(
  context: StudioContext,
  name: StateName,
  fixed?: Revision,
): Promise<ComparedState> {
  const [, of, at] = /^(this|other)(?:@(\d{1,15}))?$/.exec(name) ?? [];
  if (of !== 'this' && of !== 'other')
    throw invalidInput('state', 'must be this, other, this@41 or other@41');
  const store = of === 'this' ? context.store : otherStore(context);
  const wanted = at === undefined ? fixed : Number(at);
  const { storage, revision } = await pinned(store.storage, wanted);
  return { info: { of, revision }, store, storage };
}

/** As commands name it. */
export function stateArgument({ info: { of, revision }, store }: ComparedState): string {
  if (of === 'this') return String(revision);
  return store.url === undefined ? `${store.label}@${revision}` : `${store.url}@${revision}`;
}
