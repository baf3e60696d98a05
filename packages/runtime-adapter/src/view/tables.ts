import type { Transformer } from '@gati-framework/manifest-store';
import { RouteIndex } from '../routes/route-index.js';
import type { HandlerEntry, Placed } from './handler-entry.js';

/** What a view answers from: the store as it was right after a commit. */
export class Tables {
  readonly handlers: Map<string, HandlerEntry> = new Map();
  /** By id. */
  readonly transformers: Map<string, Placed<Transformer>> = new Map();
  readonly routes: RouteIndex = new RouteIndex();
  /** Of the next record that is new. */
  nextPlace = 0;

  /** Puts what a handler has become in the place of what it was. */
  replaceHandler(handlerId: string, entry: HandlerEntry | undefined): void {
    for (const route of this.handlers.get(handlerId)?.routes ?? []) this.routes.remove(route);
    if (entry === undefined) this.handlers.delete(handlerId);
    else this.handlers.set(handlerId, entry);
    for (const route of entry?.routes ?? []) this.routes.add(route);
  }

  replaceTransformer(id: string, transformer: Placed<Transformer> | undefined): void {
    if (transformer === undefined) this.transformers.delete(id);
    else this.transformers.set(id, transformer);
  }
}
