import type { HandlerManifest, Storage } from '@gati-framework/manifest-store';
import { EnhancedRouteManager } from '@gati-framework/runtime';
import type { TSV } from '@gati-framework/runtime/timescape/types';
import {
  createVersionRegistry,
  type StoredVersionRegistry,
  type VersionRegistryOptions,
} from '@gati-framework/runtime-adapter/timescape';
import { onTestFinished, vi } from 'vitest';

/** A registry of one instance of an application. */
export async function opened(
  storage: Storage,
  options: VersionRegistryOptions = {},
): Promise<StoredVersionRegistry> {
  const registry = createVersionRegistry(storage, options);
  onTestFinished(() => registry.close().catch(() => {}));
  await registry.open();
  return registry;
}

/** The timers that a route manager of the runtime starts end with the test: it has no way to end them. */
export function routeManagerOf(registry: StoredVersionRegistry): EnhancedRouteManager {
  const started: NodeJS.Timeout[] = [];
  const { setInterval } = globalThis;
  const spy = vi.spyOn(globalThis, 'setInterval').mockImplementation(((
    ...args: Parameters<typeof setInterval>
  ) => {
    const timer = setInterval(...args);
    started.push(timer);
    return timer;
  }) as never);
  const manager = new EnhancedRouteManager(registry);
  spy.mockRestore();
  onTestFinished(() => started.forEach(clearInterval));
  return manager;
}

/** As an application does at its start. The manager says that a method is one of seven, where the records of the runtime say text. */
export function register(
  manager: EnhancedRouteManager,
  path: string,
  version: TSV,
  manifest: HandlerManifest,
): void {
  manager.registerHandler(path, version, () => {}, manifest as never);
}
