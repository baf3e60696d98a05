import pg from 'pg';

/**
 * By what a row is found, and which of its columns are damaged: kinds and numbers have no digest. Of the log no row is lost, as nothing
 * says how many there were.
 */
const TABLES = {
  records: { by: ['kind', 'key1', 'key2'], columns: ['key1', 'key2', 'encoding', 'value'] },
  changes: {
    isLog: true,
    by: ['revision', 'ordinal'],
    columns: ['operation', 'key1', 'key2', 'encoding', 'value'],
  },
  past: { by: ['kind', 'key1', 'key2', 'until'], columns: ['key1', 'key2', 'encoding', 'value'] },
};
const IS_TAKEN = '23505';

/** The rows of a store in PostgreSQL, of which one is damaged. */
export class DamagedRows {
  place;
  #client;
  #schema;
  #whole = [];
  #damaged;
  #undo = [];

  static async of(place) {
    const store = new DamagedRows();
    store.place = place;
    store.#schema = new URL(place).searchParams.get('schema');
    store.#client = new pg.Client({ connectionString: place });
    await store.#client.connect();
    // No trigger tells of it.
    await store.#client.query('SET session_replication_role = replica');
    for (const table of Object.keys(TABLES)) {
      const { rows } = await store.#client.query(
        `SELECT to_json(t)::text AS row FROM ${store.#name(table)} t`,
      );
      store.#whole.push(...rows.map(({ row }) => ({ table, row, fields: JSON.parse(row) })));
    }
    return store;
  }

  async restore() {
    for (const [text, values] of this.#undo) await this.#client.query(text, values);
    this.#undo = [];
  }

  async damage(random) {
    for (;;) {
      const { table, row, fields } = random.pick(this.#whole);
      const damaged = isLost(table, random)
        ? undefined
        : damagedFields(fields, TABLES[table].columns, random);
      try {
        await this.#replace(table, fields, damaged?.fields);
      } catch (error) {
        if (error.code === IS_TAKEN) continue;
        throw error;
      }
      this.#undo = [
        ...(damaged === undefined ? [] : [this.#deletion(table, damaged.fields)]),
        this.#insertion(table, row),
      ];
      this.#damaged = await this.#digest();
      return `${damaged?.what ?? 'all'} of ${table} ${TABLES[table].by.map((column) => fields[column]).join()}`;
    }
  }

  async isOverwritten() {
    return (await this.#digest()) !== this.#damaged;
  }

  async #replace(table, fields, damaged) {
    await this.#client.query('BEGIN');
    try {
      await this.#client.query(...this.#deletion(table, fields));
      if (damaged !== undefined) await this.#client.query(...this.#insertion(table, JSON.stringify(damaged)));
      await this.#client.query('COMMIT');
    } catch (error) {
      await this.#client.query('ROLLBACK');
      throw error;
    }
  }

  #deletion(table, fields) {
    const { by } = TABLES[table];
    const conditions = by.map((column, i) => `${column} = $${i + 1}`);
    return [
      `DELETE FROM ${this.#name(table)} WHERE ${conditions.join(' AND ')}`,
      by.map((column) => fields[column]),
    ];
  }

  #insertion(table, row) {
    const name = this.#name(table);
    return [`INSERT INTO ${name} SELECT * FROM json_populate_record(NULL::${name}, $1::json)`, [row]];
  }

  async #digest() {
    const parts = Object.keys(TABLES).map(
      (table) => `(SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM ${this.#name(table)} t)`,
    );
    const { rows } = await this.#client.query(`SELECT ${parts.join(' || ')} AS digest`);
    return rows[0].digest;
  }

  #name(table) {
    return `${pg.escapeIdentifier(this.#schema)}.${table}`;
  }
}

function isLost(table, random) {
  return !TABLES[table].isLog && random.chance(0.1);
}

function damagedFields(fields, columns, random) {
  const column = random.pick(columns.filter((one) => fields[one]));
  const text = fields[column];
  const at = random.below(text.length);
  if (random.chance(0.1))
    return { what: `all after ${at} in ${column}`, fields: { ...fields, [column]: text.slice(0, at) } };
  const bit = random.below(6);
  const other = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
  const value = text.slice(0, at) + other + text.slice(at + 1);
  return { what: `bit ${bit} of ${at} in ${column}`, fields: { ...fields, [column]: value } };
}
