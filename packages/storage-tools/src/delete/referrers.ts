import { TypeUniverse } from '@gati-framework/api-import';
import type { Entry, RecordKind } from '@gati-framework/manifest-store';
import { type KeyTuple, keyTuple } from '@gati-framework/manifest-store/backend';
import { type Reference, referencesOf } from '../verify/references.js';

/** A record that names one that is to be deleted. */
export interface Referrer {
  readonly kind: RecordKind;
  /** The fields of the key, in order. */
  readonly key: KeyTuple;
  /** Where it names it, e.g. `gtypes.request`. */
  readonly path: string;
}

/** Collects who names what, over all records of a store. Memory: the keys and references, not the values. */
export class Referrers {
  readonly #references: Reference[] = [];
  readonly #going = new Set<string>();
  readonly #stayingHooks = new Set<string>();

  addGoing(entry: Entry): void {
    this.#going.add(nameOf({ kind: entry.kind, key: keyTuple(entry.kind, entry.key) }));
    if (entry.kind === 'hookManifest')
      for (const { id } of entry.value.hooks) this.#going.add(nameOf({ kind: 'hook', key: [id] }));
  }

  addStaying(entry: Entry): void {
    if (entry.kind === 'hookManifest') for (const { id } of entry.value.hooks) this.#stayingHooks.add(id);
    this.#references.push(...(entry.kind === 'gtype' ? ofType(entry) : referencesOf(entry)));
  }

  /** To be asked when everything was read. A hook that another hook manifest holds, too, is not lost. */
  list(): Referrer[] {
    return this.#references.flatMap(({ from, path, to }) => {
      const isKept = to.kind === 'hook' && this.#stayingHooks.has(to.key[0]);
      return !isKept && this.#going.has(nameOf(to)) ? [{ ...from, path }] : [];
    });
  }
}

/** The types that a type stands for are told by their refs only. */
function ofType({ key: { ref }, value }: Entry<'gtype'>): Reference[] {
  const types = new TypeUniverse(() => value);
  const from = { kind: 'gtype', key: [ref] } as const;
  return Array.from(types.children(ref), (child) => ({
    from,
    path: `a type inside that is ${child}`,
    to: { kind: 'gtype', key: [child] } as const,
  }));
}

function nameOf({ kind, key }: Reference['to']): string {
  return JSON.stringify([kind, ...key]);
}
