import type { Revision, TimescapeMetadata } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';
import { type EditedRecords, type EditedStorage, editRecords } from './edited-records.js';
import { type HandlerEdit, newMetadata, nodeOf } from './graph-edits.js';

interface Waiting {
  readonly edit: HandlerEdit;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Commits what is changed of handlers, in the order of the calls; what is asked for in one turn is one commit. */
export class ChangeQueue {
  readonly #storage: EditedStorage;
  readonly #settled: (edits: readonly HandlerEdit[], revision: Revision | undefined) => Promise<void>;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  /** @param settled Is awaited after each commit, before those who asked for it are told. */
  constructor(
    storage: EditedStorage,
    settled: (edits: readonly HandlerEdit[], revision: Revision | undefined) => Promise<void>,
  ) {
    this.#storage = storage;
    this.#settled = settled;
  }

  add(edit: HandlerEdit): Promise<void> {
    const added = new Promise<void>((resolve, reject) => this.#waiting.push({ edit, resolve, reject }));
    this.#running ??= this.#run();
    return added;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    try {
      await timers.nextTurn();
      while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0));
    } finally {
      this.#running = undefined;
    }
  }

  /** An edit that is refused does not keep the others from being made. */
  async #commit(batch: readonly Waiting[]): Promise<void> {
    const refused = new Map<Waiting, unknown>();
    const edits = batch.map(({ edit }) => edit);
    try {
      const revision = await editRecords(this.#storage, async (records) => {
        refused.clear();
        for (const waiting of batch) {
          await make(waiting.edit, records).catch((error: unknown) => refused.set(waiting, error));
        }
      });
      await this.#settled(edits, revision);
      for (const waiting of batch) {
        if (refused.has(waiting)) waiting.reject(refused.get(waiting));
        else waiting.resolve();
      }
    } catch (error) {
      await this.#settled(edits, undefined);
      for (const { reject } of batch) reject(error);
    }
  }
}

async function make(edit: HandlerEdit, records: EditedRecords): Promise<void> {
  const before = await records.graph(edit.handlerId);
  const after = edit.graph(before);
  const node = edit.status === undefined ? undefined : nodeOf(after, edit.status.tsv);
  if (edit.status !== undefined && node !== undefined) {
    const known = await records.metadata(edit.handlerId, node.version);
    const metadata = known ?? newMetadata(edit.handlerId, node.version, node.manifestHash);
    const deployed = withStatus(metadata, edit.status.active);
    if (deployed !== known) records.put('timescapeMetadata', deployed);
  }
  if (after !== before) records.put('versionGraph', after);
}

function withStatus(metadata: TimescapeMetadata, active: boolean): TimescapeMetadata {
  const status = active ? 'active' : 'decommissioned';
  if (metadata.deployment.status === status) return metadata;
  return { ...metadata, deployment: { ...metadata.deployment, status } };
}
