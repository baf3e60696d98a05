/**
 * What a store of version 2 has beside version 1: a commit is told by its
 * changes instead of by a row of its own, so that it touches one page less. The
 * last of them has all that `commits` tells, which is a view now.
 *
 * Columns have names that `commits` and the views of records do not have: who
 * joins them goes on to name theirs without saying of which table. Rows that were no part of
 * the history any more when the file came from version 1 have none of them. `commit_note` is not used yet.
 */
export const STEP_2 = `
ALTER TABLE changes ADD COLUMN record_position INTEGER;
ALTER TABLE changes ADD COLUMN commit_revision INTEGER;
ALTER TABLE changes ADD COLUMN commit_committed_at REAL;
ALTER TABLE changes ADD COLUMN commit_change_count INTEGER;
ALTER TABLE changes ADD COLUMN commit_next_position INTEGER;
ALTER TABLE changes ADD COLUMN commit_manifest_count INTEGER;
ALTER TABLE changes ADD COLUMN commit_hook_manifest_count INTEGER;
ALTER TABLE changes ADD COLUMN commit_gtype_count INTEGER;
ALTER TABLE changes ADD COLUMN commit_transformer_count INTEGER;
ALTER TABLE changes ADD COLUMN commit_version_graph_count INTEGER;
ALTER TABLE changes ADD COLUMN commit_timescape_metadata_count INTEGER;
ALTER TABLE changes ADD COLUMN commit_note TEXT;

CREATE TABLE history (
  first_change INTEGER NOT NULL,
  swept_to INTEGER NOT NULL
) STRICT;
INSERT INTO history (first_change, swept_to)
  SELECT first, ifnull((SELECT replaces FROM changes WHERE id = 0), first)
  FROM (SELECT ifnull(min(first_change), 1) AS first FROM commits);
DELETE FROM changes WHERE id = 0;

UPDATE changes SET commit_revision = revision FROM commits
  WHERE id >= first_change AND id < first_change + change_count - 1;
UPDATE changes SET
  commit_revision = revision,
  commit_committed_at = committed_at,
  commit_change_count = change_count,
  commit_next_position = next_position,
  commit_manifest_count = manifest_count,
  commit_hook_manifest_count = hook_manifest_count,
  commit_gtype_count = gtype_count,
  commit_transformer_count = transformer_count,
  commit_version_graph_count = version_graph_count,
  commit_timescape_metadata_count = timescape_metadata_count
  FROM commits WHERE id = first_change + change_count - 1;

DROP TABLE commits;
CREATE VIEW commits AS
  SELECT commit_revision AS revision, commit_committed_at AS committed_at,
    id - commit_change_count + 1 AS first_change, commit_change_count AS change_count,
    commit_next_position AS next_position, commit_manifest_count AS manifest_count,
    commit_hook_manifest_count AS hook_manifest_count, commit_gtype_count AS gtype_count,
    commit_transformer_count AS transformer_count, commit_version_graph_count AS version_graph_count,
    commit_timescape_metadata_count AS timescape_metadata_count, id AS last_change
  FROM changes WHERE commit_change_count IS NOT NULL AND id >= (SELECT first_change FROM history);
`;
