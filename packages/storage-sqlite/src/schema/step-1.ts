/** Released with version 0.1.0, and never changed since: what a store of version 1 is made of. */
export const STEP_1 = `
CREATE TABLE commits (
  revision INTEGER PRIMARY KEY,
  committed_at REAL NOT NULL,
  first_change INTEGER NOT NULL,
  change_count INTEGER NOT NULL,
  next_position INTEGER NOT NULL,
  manifest_count INTEGER NOT NULL,
  hook_manifest_count INTEGER NOT NULL,
  gtype_count INTEGER NOT NULL,
  transformer_count INTEGER NOT NULL,
  version_graph_count INTEGER NOT NULL,
  timescape_metadata_count INTEGER NOT NULL
) STRICT;

CREATE TABLE changes (
  id INTEGER PRIMARY KEY,
  operation TEXT NOT NULL CHECK (operation IN ('put', 'delete', 'clear')),
  kind TEXT,
  key TEXT,
  encoding TEXT,
  value TEXT,
  digest INTEGER,
  replaces INTEGER
) STRICT;

CREATE TABLE manifests_by_key (
  handler_id TEXT NOT NULL,
  version TEXT NOT NULL,
  created_at REAL NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  PRIMARY KEY (handler_id, version)
) STRICT, WITHOUT ROWID;
CREATE VIEW manifests AS
  SELECT manifests_by_key.handler_id, manifests_by_key.version, manifests_by_key.created_at, manifests_by_key.position, manifests_by_key.revision, encoding, value, digest
  FROM manifests_by_key LEFT JOIN changes ON changes.id = change_id;

CREATE TABLE hook_manifests_by_key (
  handler_id TEXT NOT NULL,
  created_at REAL NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  PRIMARY KEY (handler_id)
) STRICT, WITHOUT ROWID;
CREATE VIEW hook_manifests AS
  SELECT hook_manifests_by_key.handler_id, hook_manifests_by_key.created_at, hook_manifests_by_key.position, hook_manifests_by_key.revision, encoding, value, digest
  FROM hook_manifests_by_key LEFT JOIN changes ON changes.id = change_id;

CREATE TABLE gtypes_by_key (
  ref TEXT NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  PRIMARY KEY (ref)
) STRICT, WITHOUT ROWID;
CREATE VIEW gtypes AS
  SELECT gtypes_by_key.ref, gtypes_by_key.position, gtypes_by_key.revision, encoding, value, digest
  FROM gtypes_by_key LEFT JOIN changes ON changes.id = change_id;

CREATE TABLE transformers_by_key (
  id TEXT NOT NULL,
  handler_id TEXT NOT NULL,
  from_version TEXT NOT NULL,
  to_version TEXT NOT NULL,
  created_at REAL NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE VIEW transformers AS
  SELECT transformers_by_key.id, transformers_by_key.handler_id, transformers_by_key.from_version, transformers_by_key.to_version, transformers_by_key.created_at, transformers_by_key.position, transformers_by_key.revision, encoding, value, digest
  FROM transformers_by_key LEFT JOIN changes ON changes.id = change_id;

CREATE TABLE version_graphs_by_key (
  handler_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  PRIMARY KEY (handler_id)
) STRICT, WITHOUT ROWID;
CREATE VIEW version_graphs AS
  SELECT version_graphs_by_key.handler_id, version_graphs_by_key.position, version_graphs_by_key.revision, encoding, value, digest
  FROM version_graphs_by_key LEFT JOIN changes ON changes.id = change_id;

CREATE TABLE timescape_metadata_by_key (
  handler_id TEXT NOT NULL,
  version TEXT NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  PRIMARY KEY (handler_id, version)
) STRICT, WITHOUT ROWID;
CREATE VIEW timescape_metadata AS
  SELECT timescape_metadata_by_key.handler_id, timescape_metadata_by_key.version, timescape_metadata_by_key.position, timescape_metadata_by_key.revision, encoding, value, digest
  FROM timescape_metadata_by_key LEFT JOIN changes ON changes.id = change_id;

CREATE INDEX transformers_by_versions ON transformers_by_key (handler_id, from_version, to_version);
`;
