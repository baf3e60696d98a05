import { quoteIdentifier } from '../sql/quoting.js';

/** The versions of a handler in their order, so that the latest is found without the others. */
export function indexManifests(schema: string): string {
  return `
CREATE INDEX manifests_by_handler ON ${quoteIdentifier(schema)}.records (key1, created_at, position)
  WHERE kind = 'manifest';`;
}
