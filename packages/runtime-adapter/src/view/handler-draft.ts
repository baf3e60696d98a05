import type {
  HandlerManifest,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
} from '@gati-framework/manifest-store';
import type { HandlerEntry, Placed } from './handler-entry.js';
import { routesOf } from './handler-routes.js';
import { sharing } from './share-parts.js';

/** What a handler becomes in a commit that is being gone through. */
export class HandlerDraft {
  readonly #handlerId: string;
  readonly #manifests: Map<string, Placed<HandlerManifest>>;
  readonly #metadata: Map<string, TimescapeMetadata>;
  readonly #transformers: Map<string, Placed<Transformer>>;
  #newest: HandlerManifest | undefined;
  graph: VersionGraph | undefined;

  constructor(handlerId: string, entry: HandlerEntry | undefined) {
    this.#handlerId = handlerId;
    this.#manifests = new Map(entry?.manifests);
    this.#metadata = new Map(entry?.metadata);
    this.#transformers = new Map(entry?.transformers);
    this.#newest = entry?.versions.at(-1);
    this.graph = entry?.graph;
  }

  /** @param place Where it stands if it is new. */
  putManifest(manifest: HandlerManifest, place: number): void {
    const known = this.#manifests.get(manifest.version);
    const value = sharing(manifest, known?.value ?? this.#newest);
    this.#manifests.set(value.version, { value, place: known?.place ?? place });
    this.#newest = value;
  }

  deleteManifest(version: string): void {
    this.#manifests.delete(version);
  }

  putMetadata(metadata: TimescapeMetadata): void {
    this.#metadata.set(metadata.version, metadata);
  }

  deleteMetadata(version: string): void {
    this.#metadata.delete(version);
  }

  putTransformer(transformer: Placed<Transformer>): void {
    this.#transformers.set(transformer.value.id, transformer);
  }

  deleteTransformer(id: string): void {
    this.#transformers.delete(id);
  }

  /** What it has become; `undefined` when nothing of it is left. */
  seal(): HandlerEntry | undefined {
    if (
      this.#manifests.size + this.#metadata.size + this.#transformers.size === 0 &&
      this.graph === undefined
    )
      return undefined;
    const versions = inOrder(this.#manifests);
    return {
      handlerId: this.#handlerId,
      manifests: this.#manifests,
      versions,
      graph: this.graph,
      metadata: this.#metadata.size === 0 ? undefined : this.#metadata,
      transformers: this.#transformers.size === 0 ? undefined : this.#transformers,
      pairs: pairsOf(this.#transformers),
      routes: routesOf(this.#manifests, versions, this.graph),
    };
  }
}

/** By the time when they were made, and where that is the same, as they were first stored. */
function inOrder(manifests: ReadonlyMap<string, Placed<HandlerManifest>>): readonly HandlerManifest[] {
  const placed = [...manifests.values()].sort(
    (a, b) => a.value.createdAt - b.value.createdAt || a.place - b.place,
  );
  return Object.freeze(placed.map(({ value }) => value));
}

function pairsOf(transformers: ReadonlyMap<string, Placed<Transformer>>): HandlerEntry['pairs'] {
  if (transformers.size === 0) return undefined;
  const pairs = new Map<string, Map<string, readonly Transformer[]>>();
  for (const { value } of [...transformers.values()].sort((a, b) => a.place - b.place)) {
    const targets = pairs.get(value.fromVersion) ?? new Map<string, readonly Transformer[]>();
    pairs.set(value.fromVersion, targets);
    targets.set(value.toVersion, Object.freeze([...(targets.get(value.toVersion) ?? []), value]));
  }
  return pairs;
}
