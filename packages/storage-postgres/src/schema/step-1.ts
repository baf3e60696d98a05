import { dollarQuote, quoteIdentifier, quoteLiteral } from '../sql/quoting.js';

/**
 * One table holds the records of every kind, so that one statement stores
 * whatever a commit brings, and a new kind needs no new table; one view per
 * kind shows them under the names of their fields. Keys compare byte by byte,
 * whatever the locale of the database.
 */
export function createTables(schema: string): string {
  const s = quoteIdentifier(schema);
  const view = (name: string, kind: string, key: readonly string[], fields: readonly string[]): string => {
    const keyColumns = key.map((column, i) => `key${i + 1} AS ${column}`);
    const columns = [...keyColumns, ...fields, 'position', 'revision', 'encoding', 'value', 'digest'];
    return `CREATE VIEW ${s}.${name} AS\n  SELECT ${columns.join(', ')} FROM ${s}.records WHERE kind = '${kind}';`;
  };
  return `
CREATE TABLE ${s}.store (
  id integer PRIMARY KEY DEFAULT 1,
  epoch uuid NOT NULL DEFAULT gen_random_uuid(),
  revision bigint NOT NULL DEFAULT 0,
  next_position bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 20);
INSERT INTO ${s}.store DEFAULT VALUES;

CREATE TABLE ${s}.record_counts (
  kind text COLLATE "C" PRIMARY KEY,
  count bigint NOT NULL
) WITH (fillfactor = 20);

CREATE TABLE ${s}.records (
  kind text COLLATE "C" NOT NULL,
  key1 text COLLATE "C" NOT NULL,
  key2 text COLLATE "C" NOT NULL,
  handler_id text COLLATE "C",
  from_version text COLLATE "C",
  to_version text COLLATE "C",
  created_at double precision,
  position bigint NOT NULL,
  revision bigint NOT NULL,
  encoding text NOT NULL,
  value text NOT NULL,
  digest bigint NOT NULL,
  PRIMARY KEY (kind, key1, key2)
) WITH (fillfactor = 50);
CREATE INDEX records_by_position ON ${s}.records (kind, position);
CREATE INDEX transformers_by_versions ON ${s}.records (handler_id, from_version, to_version)
  WHERE kind = 'transformer';

CREATE TABLE ${s}.changes (
  revision bigint NOT NULL,
  ordinal integer NOT NULL,
  operation_id uuid NOT NULL,
  opens_operation boolean NOT NULL,
  commit_number integer NOT NULL,
  committed_at double precision NOT NULL,
  operation text NOT NULL,
  kind text COLLATE "C",
  key1 text COLLATE "C",
  key2 text COLLATE "C",
  encoding text,
  value text,
  digest bigint,
  PRIMARY KEY (revision, ordinal)
);
CREATE UNIQUE INDEX changes_operation ON ${s}.changes (operation_id) WHERE opens_operation;
CREATE VIEW ${s}.commits AS
  SELECT revision, to_timestamp(min(committed_at) / 1000) AS committed_at, count(*) AS changes
    FROM ${s}.changes GROUP BY revision;

${view('manifests', 'manifest', ['handler_id', 'version'], ['created_at'])}
${view('hook_manifests', 'hookManifest', ['handler_id'], ['created_at'])}
${view('gtypes', 'gtype', ['ref'], [])}
${view('transformers', 'transformer', ['id'], ['handler_id', 'from_version', 'to_version', 'created_at'])}
${view('version_graphs', 'versionGraph', ['handler_id'], [])}
${view('timescape_metadata', 'timescapeMetadata', ['handler_id', 'version'], [])}
${createCommitFunction(schema)}`;
}

/**
 * A group of commits of any sort in one call, and so in one round trip. As a
 * function and not as one statement, because each statement of a function sees what was
 * committed before *it* began: the first takes the lock of the one row of
 * `store`, and everything after that sees what the lock's last holder did.
 *
 * Its steps are the expectations and then the changes of each commit, in order.
 * A commit whose expectation does not hold is left out.
 */
function createCommitFunction(schema: string): string {
  const s = quoteIdentifier(schema);
  const body = `
#variable_conflict use_column
DECLARE
  head ${s}.store%ROWTYPE;
  step record;
  current_commit integer := 0;
  current_ordinal integer;
  base_revision bigint;
  before_operation uuid;
  committed integer[] := '{}';
  revisions bigint[] := '{}';
  missed integer[] := '{}';
  actual bigint[] := '{}';
  is_refused boolean;
  is_cleared boolean := false;
  found_revision bigint;
  found_position bigint;
  counted_kinds text[] := '{}';
  counted integer[] := '{}';
BEGIN
  -- A store whose writes may be lost in a crash is not one.
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;

  PERFORM set_config('lock_timeout', lock_timeout_ms, true);
  SELECT * INTO STRICT head FROM ${s}.store FOR UPDATE;
  base_revision := head.revision;

  -- Before any expectation, which may not hold any more because it was done.
  IF EXISTS (SELECT FROM ${s}.changes WHERE operation_id = this_operation AND opens_operation) THEN
    RAISE unique_violation USING CONSTRAINT = 'changes_operation', MESSAGE = 'this operation was done already';
  END IF;
  -- After the look for it: what is trimmed in between is missed here.
  IF (SELECT min(revision) FROM ${s}.changes) > since_revision + 1 THEN
    RAISE 'the log does not go back to revision %', since_revision USING ERRCODE = 'GT001';
  END IF;
  SELECT operation_id INTO before_operation FROM ${s}.changes WHERE revision = head.revision AND ordinal = 1;

  FOR step IN
    SELECT * FROM unnest(step_commit, step_operation, step_kind, step_key1, step_key2, step_encoding, step_value,
        step_digest, step_handler_id, step_from_version, step_to_version, step_created_at) WITH ORDINALITY
      AS s (commit_number, operation, kind, key1, key2, encoding, value,
        digest, handler_id, from_version, to_version, created_at, number)
  LOOP
    IF step.commit_number <> current_commit THEN
      current_commit := step.commit_number;
      current_ordinal := 0;
      is_refused := false;
    END IF;
    CONTINUE WHEN is_refused;

    IF step.operation = 'expect' THEN
      SELECT revision INTO found_revision FROM ${s}.records
        WHERE kind = step.kind AND key1 = step.key1 AND key2 = step.key2;
      IF found_revision IS DISTINCT FROM step.digest THEN
        is_refused := true;
        missed := missed || step.number::integer;
        actual := actual || coalesce(found_revision, 0);
      END IF;
      CONTINUE;
    END IF;

    IF current_ordinal = 0 THEN
      head.revision := head.revision + 1;
      committed := committed || current_commit;
      revisions := revisions || head.revision;
    END IF;
    current_ordinal := current_ordinal + 1;
    INSERT INTO ${s}.changes (revision, ordinal, operation_id, opens_operation, commit_number, committed_at,
        operation, kind, key1, key2, encoding, value, digest)
      VALUES (head.revision, current_ordinal, this_operation,
        current_ordinal = 1 AND head.revision = base_revision + 1, current_commit, commit_time,
        step.operation, step.kind, step.key1, step.key2, step.encoding, step.value, step.digest);

    IF step.operation = 'put' THEN
      INSERT INTO ${s}.records AS r (kind, key1, key2, handler_id, from_version, to_version, created_at,
          position, revision, encoding, value, digest)
        VALUES (step.kind, step.key1, step.key2, step.handler_id, step.from_version, step.to_version,
          step.created_at, head.next_position, head.revision, step.encoding, step.value, step.digest)
        ON CONFLICT (kind, key1, key2) DO UPDATE SET
          handler_id = excluded.handler_id, from_version = excluded.from_version,
          to_version = excluded.to_version, created_at = excluded.created_at,
          revision = excluded.revision, encoding = excluded.encoding,
          value = excluded.value, digest = excluded.digest
        RETURNING r.position INTO found_position;
      IF found_position = head.next_position THEN
        head.next_position := head.next_position + 1;
        counted_kinds := counted_kinds || step.kind;
        counted := counted || 1;
      END IF;
    ELSIF step.operation = 'delete' THEN
      DELETE FROM ${s}.records WHERE kind = step.kind AND key1 = step.key1 AND key2 = step.key2;
      IF FOUND THEN
        counted_kinds := counted_kinds || step.kind;
        counted := counted || -1;
      END IF;
    ELSE
      DELETE FROM ${s}.records;
      UPDATE ${s}.record_counts SET count = 0;
      is_cleared := true;
      counted_kinds := '{}';
      counted := '{}';
    END IF;
  END LOOP;

  IF cardinality(counted) > 0 THEN
    INSERT INTO ${s}.record_counts AS n (kind, count)
      SELECT c.kind, sum(c.count) FROM unnest(counted_kinds, counted) AS c (kind, count) GROUP BY c.kind
      ON CONFLICT (kind) DO UPDATE SET count = n.count + excluded.count;
  END IF;
  IF cardinality(committed) > 0 THEN
    UPDATE ${s}.store SET revision = head.revision, next_position = head.next_position;
    PERFORM pg_notify(${quoteLiteral(schema)}, head.revision::text);
  END IF;

  RETURN json_build_object(
    'epoch', head.epoch, 'base', base_revision, 'before', before_operation, 'committed', committed, 'revisions', revisions, 'missed', missed, 'actual', actual,
    'added', (SELECT json_object_agg(c.kind, c.count) FROM (
      SELECT kind, sum(count) AS count FROM unnest(counted_kinds, counted) AS c (kind, count) GROUP BY kind
    ) c),
    'cleared', is_cleared
  );
END
`;
  return `
CREATE FUNCTION ${s}.commit_changes(
  this_operation uuid, commit_time double precision, lock_timeout_ms text,
  step_commit integer[], step_operation text[], step_kind text[], step_key1 text[], step_key2 text[],
  step_encoding text[], step_value text[], step_digest bigint[],
  step_handler_id text[], step_from_version text[], step_to_version text[], step_created_at double precision[], since_revision bigint
) RETURNS json LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS ${dollarQuote(body)};
`;
}
