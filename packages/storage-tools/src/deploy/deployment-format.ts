import type { RecordKind } from '@gati-framework/manifest-store';

/**
 * The records of one deployment as JSON (or YAML), for those who make them by themselves:
 *
 *     {
 *       "format": "gati-storage-deployment",
 *       "version": 1,
 *       "manifests": [{ "handlerId": "users.get", "version": "1.0.0", ... }],
 *       "gtypes": [{ "ref": "User", "kind": "object", ... }]
 *     }
 *
 * A list for each kind, all of which may be left out, and nothing else. A record stands in it as it is
 * stored; one that JSON cannot carry is deployed as an archive.
 */
export const DEPLOYMENT_FORMAT = 'gati-storage-deployment';

/** The newest version that is read. */
export const DEPLOYMENT_VERSION = 1;

/** What the list of each kind is called. */
export const LIST_NAMES: { readonly [K in RecordKind]: string } = {
  manifest: 'manifests',
  hookManifest: 'hookManifests',
  gtype: 'gtypes',
  transformer: 'transformers',
  versionGraph: 'versionGraphs',
  timescapeMetadata: 'timescapeMetadata',
};
