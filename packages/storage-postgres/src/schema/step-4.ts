import { dollarQuote, quoteIdentifier, quoteLiteral } from '../sql/quoting.js';
import { createCommitFunction } from './step-4-commits.js';

/** Most rows of the past that the deletion of a piece of the log takes along: some 20 ms of work. */
const FORGOTTEN_AT_ONCE = 10_000;

/**
 * What the store was before: a record that is replaced or deleted goes to `past`, with the revision that it was there
 * until, and stays for as long as the log tells of that revision. Triggers see to both, whoever commits and trims:
 * libraries that know older versions do so beside newer ones. Beside that a note for each commit, and in the row of
 * `store` since when the past is kept, and how much of it is to be.
 */
export function keepPast(schema: string): string {
  const s = quoteIdentifier(schema);
  return `
ALTER TABLE ${s}.store
  ADD COLUMN past_from bigint NOT NULL DEFAULT 0,
  ADD COLUMN keep_changes bigint,
  ADD COLUMN keep_age bigint;
UPDATE ${s}.store SET past_from = revision;
ALTER TABLE ${s}.changes ADD COLUMN note text;
CREATE OR REPLACE VIEW ${s}.commits AS
  SELECT revision, to_timestamp(min(committed_at) / 1000) AS committed_at, count(*) AS changes, max(note) AS note
    FROM ${s}.changes GROUP BY revision;

CREATE TABLE ${s}.past (
  kind text COLLATE "C" NOT NULL,
  key1 text COLLATE "C" NOT NULL,
  key2 text COLLATE "C" NOT NULL,
  handler_id text COLLATE "C",
  position bigint NOT NULL,
  revision bigint NOT NULL,
  until bigint NOT NULL,
  encoding text NOT NULL,
  value text NOT NULL,
  digest bigint NOT NULL
);
CREATE INDEX past_by_key ON ${s}.past (kind, key1, key2, until);
CREATE INDEX past_by_position ON ${s}.past (kind, position, until, revision);
CREATE INDEX past_by_end ON ${s}.past (until);
${keepReplaced(s)}
${keepDeleted(s)}
${forgetPast(s)}
${letReadersRead(s)}
${createCommitFunction(schema)}`;
}

const COLUMNS = ['kind', 'key1', 'key2', 'handler_id', 'position', 'revision'];
const VALUE = ['encoding', 'value', 'digest'];

/**
 * For each row, so that a record that is new costs nothing. Nothing in it is looked up by search_path, and setting
 * that would double its price. What one commit puts twice nobody has ever seen.
 */
function keepReplaced(s: string): string {
  const old = (columns: readonly string[]): string => columns.map((column) => `OLD.${column}`).join(', ');
  const body = `
BEGIN
  INSERT INTO ${s}.past (${COLUMNS.join(', ')}, until, ${VALUE.join(', ')})
    VALUES (${old(COLUMNS)}, NEW.revision, ${old(VALUE)});
  RETURN NULL;
END
`;
  return `
CREATE FUNCTION ${s}.keep_replaced() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS ${dollarQuote(body)};
CREATE TRIGGER keep_replaced AFTER UPDATE ON ${s}.records
  FOR EACH ROW WHEN (OLD.revision < NEW.revision) EXECUTE FUNCTION ${s}.keep_replaced();`;
}

/** Whoever deletes has written to the log before: its last revision is the one that deletes. */
function keepDeleted(s: string): string {
  const body = `
BEGIN
  INSERT INTO ${s}.past (${COLUMNS.join(', ')}, until, ${VALUE.join(', ')})
    SELECT ${COLUMNS.map((column) => `d.${column}`).join(', ')}, n.until, ${VALUE.map((column) => `d.${column}`).join(', ')}
      FROM deleted d, (SELECT max(revision) AS until FROM ${s}.changes) n WHERE d.revision < n.until;
  RETURN NULL;
END
`;
  return `
CREATE FUNCTION ${s}.keep_deleted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS ${dollarQuote(body)};
CREATE TRIGGER keep_deleted AFTER DELETE ON ${s}.records
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION ${s}.keep_deleted();`;
}

/**
 * What was there until a revision that the log has forgotten cannot be asked for any more; nor can what was there
 * until one that there is not, after somebody took the store back. The trigger comes before `note_trim` by its name,
 * and so works before that one locks the store.
 */
function forgetPast(s: string): string {
  const body = `
  WITH gone AS (
    DELETE FROM ${s}.past WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${s}.past
        WHERE until <= coalesce((SELECT min(revision) - 1 FROM ${s}.changes), (SELECT revision FROM ${s}.store))
        ORDER BY until LIMIT most
    )) RETURNING 1
  ), undone AS (
    DELETE FROM ${s}.past WHERE until > (SELECT revision FROM ${s}.store)
  ) SELECT count(*) FROM gone
`;
  const trigger = `
BEGIN
  PERFORM ${s}.forget_past(${FORGOTTEN_AT_ONCE});
  RETURN NULL;
END
`;
  return `
CREATE FUNCTION ${s}.forget_past(most integer) RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS ${dollarQuote(body)};
CREATE FUNCTION ${s}.forget_with_log() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS ${dollarQuote(trigger)};
CREATE TRIGGER forget_past AFTER DELETE OR TRUNCATE ON ${s}.changes
  FOR EACH STATEMENT EXECUTE FUNCTION ${s}.forget_with_log();`;
}

/** Who was let read the records may read what they were. */
function letReadersRead(s: string): string {
  const body = `
DECLARE
  reader record;
BEGIN
  FOR reader IN
    SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS name
      FROM pg_class c, aclexplode(c.relacl) a
      WHERE c.oid = ${quoteLiteral(`${s}.records`)}::regclass
        AND a.privilege_type = 'SELECT' AND a.grantee <> c.relowner
  LOOP
    EXECUTE ${quoteLiteral(`GRANT SELECT ON ${s}.past TO `)} || reader.name;
  END LOOP;
END
`;
  return `DO ${dollarQuote(body)};`;
}
