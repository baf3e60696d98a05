/**
 * What a store of version 3 has beside version 2: how far back it can be read, how much of its past it keeps, and notes
 * among its commits.
 *
 * A record of version 1 is without its revision and position in `changes`; those that exist get them from the tables that
 * find them. So what is changed from here on can be read as it was. Of what was changed before, `readable_from` leaves
 * out all up to the last change of a record that was not known so, and up to a `clear` of such records. (A file without
 * anything of version 1 is not gone through.)
 */
export const STEP_3 = `
ALTER TABLE history ADD COLUMN readable_from INTEGER NOT NULL DEFAULT 1;
ALTER TABLE history ADD COLUMN keep_changes INTEGER;
ALTER TABLE history ADD COLUMN keep_age REAL;

UPDATE history SET readable_from =
  ifnull((SELECT id + 1 FROM changes WHERE operation = 'put' AND record_position IS NULL ORDER BY id DESC LIMIT 1), 1);

UPDATE changes SET record_position = position, commit_revision = revision FROM manifests_by_key
  WHERE id = change_id AND record_position IS NULL AND change_id < (SELECT readable_from FROM history);
UPDATE changes SET record_position = position, commit_revision = revision FROM hook_manifests_by_key
  WHERE id = change_id AND record_position IS NULL AND change_id < (SELECT readable_from FROM history);
UPDATE changes SET record_position = position, commit_revision = revision FROM gtypes_by_key
  WHERE id = change_id AND record_position IS NULL AND change_id < (SELECT readable_from FROM history);
UPDATE changes SET record_position = position, commit_revision = revision FROM transformers_by_key
  WHERE changes.id = change_id AND record_position IS NULL AND change_id < (SELECT readable_from FROM history);
UPDATE changes SET record_position = position, commit_revision = revision FROM version_graphs_by_key
  WHERE id = change_id AND record_position IS NULL AND change_id < (SELECT readable_from FROM history);
UPDATE changes SET record_position = position, commit_revision = revision FROM timescape_metadata_by_key
  WHERE id = change_id AND record_position IS NULL AND change_id < (SELECT readable_from FROM history);

UPDATE history SET readable_from = 1 + max(
  ifnull((
    SELECT max(change.id) FROM changes AS change LEFT JOIN changes AS replaced ON replaced.id = change.replaces
    WHERE change.id >= first_change AND change.replaces IS NOT NULL
      AND (change.record_position IS NULL OR replaced.commit_revision IS NULL)
  ), 0),
  ifnull((
    SELECT max(id) FROM changes WHERE id >= first_change AND operation = 'clear' AND id > (
      SELECT min(id) FROM changes
      WHERE operation = 'put' AND (record_position IS NULL OR commit_revision IS NULL)
    )
  ), 0)
) WHERE readable_from > 1;

DROP VIEW commits;
CREATE VIEW commits AS
  SELECT commit_revision AS revision, commit_committed_at AS committed_at,
    id - commit_change_count + 1 AS first_change, commit_change_count AS change_count,
    commit_next_position AS next_position, commit_manifest_count AS manifest_count,
    commit_hook_manifest_count AS hook_manifest_count, commit_gtype_count AS gtype_count,
    commit_transformer_count AS transformer_count, commit_version_graph_count AS version_graph_count,
    commit_timescape_metadata_count AS timescape_metadata_count, id AS last_change, commit_note AS note
  FROM changes WHERE commit_change_count IS NOT NULL AND id >= (SELECT first_change FROM history);
`;
