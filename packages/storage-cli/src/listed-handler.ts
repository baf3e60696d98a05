import type { HandlerManifest } from '@gati-framework/manifest-store';
import { breakingVersions, type StoredHandler } from '@gati-framework/storage-tools';

/** A handler, and those of its versions that were asked for. */
export interface ListedHandler {
  readonly handler: StoredHandler;
  /** Names, oldest first; at least one, unless the handler has none. */
  readonly versions: readonly string[];
}

/** What the latest of the versions that were asked for is made of, if that is stored. */
export function shownManifest({ handler, versions }: ListedHandler): HandlerManifest | undefined {
  const wanted = versions.at(-1);
  return handler.manifests.find(({ version }) => version === wanted);
}

/** For programs. */
export function summarise(listed: ListedHandler): object {
  const { handler, versions } = listed;
  const breaking = breakingVersions(handler);
  const statuses = new Map(handler.timescape.map((one) => [one.version, one.deployment.status]));
  const shown = shownManifest(listed);
  return {
    handlerId: handler.handlerId,
    ...(shown === undefined ? {} : { method: shown.method, path: shown.path }),
    latest: handler.manifests.at(-1)?.version ?? handler.graph?.latestVersion,
    versions: versions.map((version) => {
      const status = statuses.get(version);
      return { version, breaking: breaking.has(version), ...(status === undefined ? {} : { status }) };
    }),
  };
}
