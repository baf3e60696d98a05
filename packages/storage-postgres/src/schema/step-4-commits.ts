import { dollarQuote, quoteIdentifier, quoteLiteral } from '../sql/quoting.js';
import { LOG_TOO_SHORT, NO_STORE_ROW, TOO_ISOLATED } from './step-2.js';

/**
 * As before, and with three more steps: `expect` without a kind, of the revision of the store; `note`, of the commit
 * that it precedes; and `resume`, as the first one: the steps after it belong to the commit that the transaction has
 * begun with the same operation. Without them, as older libraries call it, it does what it did.
 */
export function createCommitFunction(schema: string): string {
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
  is_resumed boolean := coalesce(step_operation[1] = 'resume', false);
  current_note text;
BEGIN
  IF since_revision IS NOT NULL AND current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
    RAISE 'this transaction does not see what others have committed since it began' USING ERRCODE = '${TOO_ISOLATED}';
  END IF;
  -- A store whose writes may be lost in a crash is not one.
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  -- That the wait for a standby was cancelled is told in a warning.
  IF current_setting('client_min_messages') = 'error' THEN
    PERFORM set_config('client_min_messages', 'warning', true);
  END IF;

  PERFORM set_config('lock_timeout', lock_timeout_ms, true);
  SELECT * INTO head FROM ${s}.store FOR UPDATE;
  IF NOT FOUND THEN
    RAISE 'the table store shows no row' USING ERRCODE = '${NO_STORE_ROW}';
  END IF;
  base_revision := head.revision;

  -- Before any expectation, which may not hold any more because it was done.
  IF NOT is_resumed AND EXISTS (SELECT FROM ${s}.changes WHERE operation_id = this_operation AND opens_operation) THEN
    RAISE unique_violation USING CONSTRAINT = 'changes_operation', MESSAGE = 'this operation was done already';
  END IF;
  IF least(head.trimmed_to, head.revision) > since_revision THEN
    RAISE 'the log does not go back to revision %', since_revision USING ERRCODE = '${LOG_TOO_SHORT}';
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
      current_note := NULL;
      is_refused := false;
    END IF;
    CONTINUE WHEN is_refused;

    IF step.operation = 'resume' THEN
      SELECT max(ordinal) INTO current_ordinal FROM ${s}.changes
        WHERE revision = head.revision AND operation_id = this_operation;
      CONTINUE;
    ELSIF step.operation = 'note' THEN
      current_note := step.value;
      CONTINUE;
    ELSIF step.operation = 'expect' AND step.kind IS NULL THEN
      IF head.revision <> step.digest THEN
        is_refused := true;
        missed := missed || step.number::integer;
        actual := actual || head.revision;
      END IF;
      CONTINUE;
    ELSIF step.operation = 'expect' THEN
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
        operation, kind, key1, key2, encoding, value, digest, note)
      VALUES (head.revision, current_ordinal, this_operation,
        current_ordinal = 1 AND head.revision = base_revision + 1, current_commit, commit_time,
        step.operation, step.kind, step.key1, step.key2, step.encoding, step.value, step.digest,
        CASE current_ordinal WHEN 1 THEN current_note END);

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
  IF is_resumed OR cardinality(committed) > 0 THEN
    UPDATE ${s}.store SET revision = head.revision, next_position = head.next_position;
    IF since_revision IS NULL AND NOT is_resumed THEN
      PERFORM pg_notify(${quoteLiteral(schema)}, head.revision::text);
    END IF;
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
CREATE OR REPLACE FUNCTION ${s}.commit_changes(
  this_operation uuid, commit_time double precision, lock_timeout_ms text,
  step_commit integer[], step_operation text[], step_kind text[], step_key1 text[], step_key2 text[],
  step_encoding text[], step_value text[], step_digest bigint[],
  step_handler_id text[], step_from_version text[], step_to_version text[], step_created_at double precision[], since_revision bigint
) RETURNS json LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan
  SET search_path = pg_catalog, pg_temp AS ${dollarQuote(body)};
`;
}
