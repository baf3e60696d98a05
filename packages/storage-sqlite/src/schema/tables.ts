import type { RecordKind } from '@gati-framework/manifest-store';

/** Name of the table, or view, that shows the records of each kind. */
export const TABLES: Readonly<Record<RecordKind, string>> = {
  manifest: 'manifests',
  hookManifest: 'hook_manifests',
  gtype: 'gtypes',
  transformer: 'transformers',
  versionGraph: 'version_graphs',
  timescapeMetadata: 'timescape_metadata',
};
