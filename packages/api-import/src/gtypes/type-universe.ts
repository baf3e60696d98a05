import type { GType } from '@gati-framework/manifest-store';
import { canonicalGType, sha256 } from './canonical-gtype.js';
import { stubRefs } from './map-gtype.js';

/** Types that refer to each other by ref: those of a document, or those of a store. */
export class TypeUniverse {
  readonly #lookup: (ref: string) => GType | undefined;
  readonly #digests = new Map<string, string>();
  readonly #children = new Map<string, ReadonlySet<string>>();

  constructor(lookup: (ref: string) => GType | undefined) {
    this.#lookup = lookup;
  }

  get(ref: string): GType | undefined {
    return this.#lookup(ref);
  }

  /** Digest of the type itself, in which types that it refers to count by name only. */
  digest(ref: string): string {
    let digest = this.#digests.get(ref);
    if (digest === undefined) {
      const type = this.#lookup(ref);
      digest = type === undefined ? 'missing' : sha256(canonicalGType(type));
      this.#digests.set(ref, digest);
    }
    return digest;
  }

  /** The types that a type refers to directly. */
  children(ref: string): ReadonlySet<string> {
    let children = this.#children.get(ref);
    if (children === undefined) {
      const type = this.#lookup(ref);
      children = type === undefined ? new Set() : stubRefs(type);
      this.#children.set(ref, children);
    }
    return children;
  }

  /** These types and every type that they refer to, directly or not. */
  reachable(refs: Iterable<string>): Set<string> {
    const found = new Set(refs);
    // A set visits what is added to it while it is walked.
    for (const ref of found) for (const child of this.children(ref)) found.add(child);
    return found;
  }
}
