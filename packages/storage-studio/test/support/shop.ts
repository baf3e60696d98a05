import { fileURLToPath } from 'node:url';
import type { Change } from '@gati-framework/manifest-store';
import { readBundle } from '@gati-framework/storage-tools/deploy';

async function deployment(name: string): Promise<readonly Change[]> {
  const file = fileURLToPath(new URL(`../../../../examples/studio/${name}`, import.meta.url));
  return (await readBundle(file)).records;
}

/** An application with everything that an API description has not: hooks, roles, transformers, rollout. */
export const FIRST_DEPLOYMENT: readonly Change[] = await deployment('orders-1.json');
export const SECOND_DEPLOYMENT: readonly Change[] = await deployment('orders-2.json');
