/**
 * What the programs of the pages take for granted: a reader's own records, folders and helpers.
 * A program that imports or declares such a name itself does not see this one.
 */
import type {
  GType,
  HandlerManifest,
  RecordKey,
  Revision,
  Storage,
  StorageChange,
  VersionGraph,
} from '@gati-framework/manifest-store';

declare global {
  const manifest: HandlerManifest;
  const requestType: GType;
  const nextGraph: VersionGraph;
  const store: Storage;
  const storage: Storage;
  let lastSeenRevision: Revision;
  function apply(change: StorageChange): void;
  function readSecret(name: string): Promise<string>;

  const folder: string;
  function fileOf(place: string): string;
  function moveFileOf(place: string): string;
  function takeFolderAway(place: string): () => void;
  function changeStoredText(file: string, kind: RecordKey['kind'], key: RecordKey['key']): void;
  const records: readonly HandlerManifest[];
  function encode(record: HandlerManifest): void;
  const gctx: { readonly modules: Record<string, unknown> };
  const bucket: {
    get(name: string): Promise<Uint8Array | undefined>;
    put(name: string, bytes: Uint8Array): Promise<void>;
  };
  /** Of whichever test runner: some want nothing else from a test. */
  function test(name: string, run: () => Promise<void>): void;
}
