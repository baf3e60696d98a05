/** One step of the schema. Once released it is never changed: a later step changes what it made. */
export interface SchemaStep {
  /** The oldest schema version whose libraries go on working after this step. */
  readonly compatibleFrom: number;
  /** Statements, with every name qualified. */
  sql(schema: string): string;
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** Quotes the body of a function so that it stays readable. */
function dollarQuote(body: string): string {
  let tag = '$gati$';
  for (let n = 1; body.includes(tag); n += 1) tag = `$gati${n}$`;
  return `${tag}${body}${tag}`;
}

/**
 * One table holds the records of every kind, so that one statement stores
 * whatever a commit brings, and a new kind needs no new table; one view per
 * kind shows them under the names of their fields. Keys compare byte by byte,
 * whatever the locale of the database.
 */
function createTables(schema: string): string {
  const s = quoteIdentifier(schema);
  const view = (name: string, kind: string, key: readonly string[], fields: readonly string[]): string => {
    const keyColumns = key.map((column, i) => `key${i + 1} AS ${column}`);
    const columns = [...keyColumns, ...fields, 'position', 'revision', 'encoding', 'value', 'digest'];
    return `CREATE VIEW ${s}.${name} AS\n  SELECT ${columns.join(', ')} FROM ${s}.records WHERE kind = '${kind}';`;
  };
  return `
CREATE TABLE ${s}.store (
  id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
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
) WITH (fillfactor = 80);
CREATE INDEX records_by_position ON ${s}.records (kind, position);
CREATE INDEX records_by_handler ON ${s}.records (handler_id, kind, created_at, position);

CREATE TABLE ${s}.commits (
  revision bigint PRIMARY KEY,
  operation uuid NOT NULL,
  number integer NOT NULL,
  committed_at double precision NOT NULL,
  change_count integer NOT NULL
);

CREATE TABLE ${s}.changes (
  revision bigint NOT NULL,
  ordinal integer NOT NULL,
  operation text NOT NULL CHECK (operation IN ('put', 'delete', 'clear')),
  kind text COLLATE "C",
  key1 text COLLATE "C",
  key2 text COLLATE "C",
  encoding text,
  value text,
  digest bigint,
  PRIMARY KEY (revision, ordinal)
);

${view('manifests', 'manifest', ['handler_id', 'version'], ['created_at'])}
${view('hook_manifests', 'hookManifest', ['handler_id'], ['created_at'])}
${view('gtypes', 'gtype', ['ref'], [])}
${view('transformers', 'transformer', ['id'], ['handler_id', 'from_version', 'to_version', 'created_at'])}
${view('version_graphs', 'versionGraph', ['handler_id'], [])}
${view('timescape_metadata', 'timescapeMetadata', ['handler_id', 'version'], [])}
${createCommitFunction(schema)}`;
}

/**
 * A group of commits in one call, and so in one round trip. As a function and
 * not as one statement, because each statement of a function sees what was
 * committed before *it* began: the first takes the lock of the one row of
 * \`store\`, and everything after that sees what the lock's last holder did.
 */
function createCommitFunction(schema: string): string {
  const s = quoteIdentifier(schema);
  const body = `
#variable_conflict use_column
DECLARE
  head ${s}.store%ROWTYPE;
  accepted integer;
BEGIN
  -- A store whose writes may be lost in a crash is not one.
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;

  SELECT * INTO STRICT head FROM ${s}.store FOR UPDATE;
  store_epoch := head.epoch;
  base_revision := head.revision;
  last_revision := head.revision;
  refused := '{}';

  IF EXISTS (SELECT FROM ${s}.commits WHERE revision > since_revision AND operation = operation_id) THEN
    -- It was done already, and the answer was lost on its way.
    SELECT array_agg(n) FILTER (WHERE c.revision IS NULL), min(c.revision) - 1
      INTO refused, base_revision
      FROM generate_series(1, commit_count) AS n
      LEFT JOIN ${s}.commits c
        ON c.revision > since_revision AND c.operation = operation_id AND c.number = n;
    refused := coalesce(refused, '{}');
  ELSE
    IF cardinality(expected_commit) > 0 THEN
      SELECT array_agg(e.i ORDER BY e.i), array_agg(coalesce(r.revision, 0) ORDER BY e.i),
          coalesce(array_agg(DISTINCT e.number), '{}')
        INTO missed, actual, refused
        FROM unnest(expected_commit, expected_kind, expected_key1, expected_key2, expected_revision)
          WITH ORDINALITY AS e (number, kind, key1, key2, revision, i)
        LEFT JOIN ${s}.records r ON r.kind = e.kind AND r.key1 = e.key1 AND r.key2 = e.key2
        WHERE r.revision IS DISTINCT FROM e.revision;
    END IF;
    accepted := commit_count - (SELECT count(*) FROM unnest(refused) AS n WHERE n <= commit_count);

    IF accepted > 0 THEN
      IF is_cleared THEN
        DELETE FROM ${s}.records;
        UPDATE ${s}.record_counts SET count = 0;
      END IF;
      IF 'delete' = ANY (change_effect) OR 'anew' = ANY (change_effect) THEN
        WITH gone AS (
          DELETE FROM ${s}.records r
            USING unnest(change_commit, change_kind, change_key1, change_key2, change_effect)
              AS c (number, kind, key1, key2, effect)
            WHERE c.effect IN ('delete', 'anew') AND c.number <> ALL (refused)
              AND r.kind = c.kind AND r.key1 = c.key1 AND r.key2 = c.key2
            RETURNING r.kind
        )
        UPDATE ${s}.record_counts n SET count = n.count - g.count
          FROM (SELECT kind, count(*) AS count FROM gone GROUP BY kind) g
          WHERE n.kind = g.kind;
      END IF;

      WITH change AS MATERIALIZED (
        SELECT c.*, head.revision + c.number
            - (SELECT count(*) FROM unnest(refused) AS n WHERE n < c.number) AS revision
          FROM unnest(change_commit, change_ordinal, change_operation, change_kind, change_key1, change_key2,
              change_encoding, change_value, change_digest, change_effect, change_place,
              change_handler_id, change_from_version, change_to_version, change_created_at)
            AS c (number, ordinal, operation, kind, key1, key2, encoding, value, digest, effect, place,
              handler_id, from_version, to_version, created_at)
          WHERE c.number <> ALL (refused)
      ), logged AS (
        INSERT INTO ${s}.changes (revision, ordinal, operation, kind, key1, key2, encoding, value, digest)
          SELECT revision, ordinal, operation, kind, key1, key2, encoding, value, digest FROM change
      ), noted AS (
        INSERT INTO ${s}.commits (revision, operation, number, committed_at, change_count)
          SELECT revision, operation_id, number, commit_time, count(*) FROM change GROUP BY revision, number
      ), stored AS (
        INSERT INTO ${s}.records AS r (kind, key1, key2, handler_id, from_version, to_version, created_at,
            position, revision, encoding, value, digest)
          SELECT kind, key1, key2, handler_id, from_version, to_version, created_at,
              head.next_position + place, revision, encoding, value, digest
            FROM change WHERE effect IN ('put', 'anew')
          ON CONFLICT (kind, key1, key2) DO UPDATE SET
            handler_id = excluded.handler_id, from_version = excluded.from_version,
            to_version = excluded.to_version, created_at = excluded.created_at,
            revision = excluded.revision, encoding = excluded.encoding,
            value = excluded.value, digest = excluded.digest
          RETURNING r.kind, r.position
      )
      INSERT INTO ${s}.record_counts AS n (kind, count)
        SELECT kind, count(*) FROM stored WHERE position >= head.next_position GROUP BY kind
        ON CONFLICT (kind) DO UPDATE SET count = n.count + excluded.count;

      last_revision := head.revision + accepted;
      UPDATE ${s}.store
        SET revision = last_revision, next_position = head.next_position + cardinality(change_commit);
      PERFORM pg_notify(${quoteLiteral(schema)}, last_revision::text);
    END IF;
  END IF;

  SELECT array_agg(kind), array_agg(count) INTO kinds, counts FROM ${s}.record_counts;
END
`;
  return `
CREATE FUNCTION ${s}.commit_changes(
  operation_id uuid, since_revision bigint, commit_time double precision, commit_count integer, is_cleared boolean,
  change_commit integer[], change_ordinal integer[], change_operation text[], change_kind text[],
  change_key1 text[], change_key2 text[], change_encoding text[], change_value text[], change_digest bigint[],
  change_effect text[], change_place integer[], change_handler_id text[], change_from_version text[],
  change_to_version text[], change_created_at double precision[],
  expected_commit integer[], expected_kind text[], expected_key1 text[], expected_key2 text[],
  expected_revision bigint[],
  OUT store_epoch uuid, OUT base_revision bigint, OUT last_revision bigint, OUT refused integer[],
  OUT missed integer[], OUT actual bigint[], OUT kinds text[], OUT counts bigint[]
) LANGUAGE plpgsql VOLATILE AS ${dollarQuote(body)};
`;
}

/** Step n brings a schema from version n to version n + 1. */
export const SCHEMA_STEPS: readonly SchemaStep[] = [{ compatibleFrom: 1, sql: createTables }];
