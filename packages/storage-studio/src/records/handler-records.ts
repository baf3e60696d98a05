import type { Entry, Storage } from '@gati-framework/manifest-store';

/** All that is stored of one handler. */
export interface HandlerRecords {
  readonly handlerId: string;
  /** Oldest first. */
  readonly manifests: readonly Entry<'manifest'>[];
  readonly hooks: Entry<'hookManifest'> | undefined;
  readonly transformers: readonly Entry<'transformer'>[];
  readonly graph: Entry<'versionGraph'> | undefined;
  readonly timescape: readonly Entry<'timescapeMetadata'>[];
}

/** The records of a handler, as of one moment; those that cannot be read are left out. */
export async function readHandlerRecords(
  storage: Pick<Storage, 'entries'>,
  handlerId: string,
): Promise<HandlerRecords> {
  const entries: Entry[] = [];
  for await (const entry of storage.entries({ handlerId, onUnreadable: () => {} })) entries.push(entry);
  const ofKind = <K extends Entry['kind']>(kind: K): Entry<K>[] =>
    entries.filter((entry) => entry.kind === kind) as Entry<K>[];
  return {
    handlerId,
    manifests: ofKind('manifest').sort((a, b) => a.value.createdAt - b.value.createdAt),
    hooks: ofKind('hookManifest')[0],
    transformers: ofKind('transformer'),
    graph: ofKind('versionGraph')[0],
    timescape: ofKind('timescapeMetadata'),
  };
}
