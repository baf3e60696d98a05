import type {
  GType,
  HandlerManifest,
  HookManifest,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
} from '../contract/records.js';
import type { Storage } from '../contract/storage.js';
import { channels } from '../tracing/channels.js';
import type { InMemoryStorageOptions } from './in-memory-options.js';
import { InMemoryStorage } from './in-memory-storage.js';
import { traceRead } from './memory-messages.js';

/** Of this module, as the compiler takes what is of another module for something that may change, and would look each time. */
const { read: reads } = channels;

/**
 * A storage that keeps everything in this process and loses it with the
 * process. Every lookup costs the same however many records there are.
 */
export function createInMemoryStorage(options: InMemoryStorageOptions = {}): Storage {
  return new ToldInMemoryStorage(options);
}

/** The storage, of whose look-ups, too, whoever listens is told. They are the path of most requests: nobody listening costs a test. */
class ToldInMemoryStorage extends InMemoryStorage {
  override getManifest(id: string, version?: string): Promise<HandlerManifest | undefined> {
    if (!reads.hasSubscribers) return super.getManifest(id, version);
    const operation = version === undefined || version === '' ? 'latest' : 'get';
    return traceRead(operation, 'manifest', () => super.getManifest(id, version));
  }

  override getAllManifestVersions(id: string): Promise<HandlerManifest[]> {
    if (!reads.hasSubscribers) return super.getAllManifestVersions(id);
    return traceRead('versions', 'manifest', () => super.getAllManifestVersions(id));
  }

  override getHookManifest(handlerId: string): Promise<HookManifest | null> {
    if (!reads.hasSubscribers) return super.getHookManifest(handlerId);
    return traceRead('get', 'hookManifest', () => super.getHookManifest(handlerId));
  }

  override listHookManifests(): Promise<HookManifest[]> {
    if (!reads.hasSubscribers) return super.listHookManifests();
    return traceRead('list', 'hookManifest', () => super.listHookManifests());
  }

  override getGType(ref: string): Promise<GType | undefined> {
    if (!reads.hasSubscribers) return super.getGType(ref);
    return traceRead('get', 'gtype', () => super.getGType(ref));
  }

  override getTransformer(id: string): Promise<Transformer | undefined> {
    if (!reads.hasSubscribers) return super.getTransformer(id);
    return traceRead('get', 'transformer', () => super.getTransformer(id));
  }

  override getTransformersForVersions(handlerId: string, from: string, to: string): Promise<Transformer[]> {
    if (!reads.hasSubscribers) return super.getTransformersForVersions(handlerId, from, to);
    return traceRead('between', 'transformer', () => super.getTransformersForVersions(handlerId, from, to));
  }

  override getVersionGraph(handlerId: string): Promise<VersionGraph | undefined> {
    if (!reads.hasSubscribers) return super.getVersionGraph(handlerId);
    return traceRead('get', 'versionGraph', () => super.getVersionGraph(handlerId));
  }

  override getTimescapeMetadata(handlerId: string, version: string): Promise<TimescapeMetadata | undefined> {
    if (!reads.hasSubscribers) return super.getTimescapeMetadata(handlerId, version);
    return traceRead('get', 'timescapeMetadata', () => super.getTimescapeMetadata(handlerId, version));
  }
}
