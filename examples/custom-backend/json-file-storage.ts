import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type RecordKind, type StorageContract, StorageError } from '@gati-framework/manifest-store';
import { BaseStorage, snapshot } from '@gati-framework/manifest-store/backend';
import { parse, stringify } from 'devalue';

const nameOf = (kind: RecordKind, key: readonly string[]): string => JSON.stringify([kind, ...key]);

/** A storage in one text file that reads well in a diff: a record a line, in first-stored order. */
export function createJsonFileStorage(filename: string): StorageContract {
  const lines = readFileSync(filename, { encoding: 'utf8', flag: 'a+' }).split('\n').filter(Boolean);
  let rows = new Map<string, { kind: RecordKind; value: object }>(lines.map((line) => parse(line)));

  function save(changed: typeof rows): void {
    try {
      writeFileSync(`${filename}.new`, [...changed].map((row) => `${stringify(row)}\n`).join(''));
      renameSync(`${filename}.new`, filename);
    } catch (cause) {
      throw new StorageError('STORAGE_FAILED', `${filename} cannot be written.`, { cause });
    }
    rows = changed;
  }

  function list(kind: RecordKind, fields: Readonly<Record<string, string>>): object[] {
    const wanted = Object.entries(fields);
    const found = [...rows.values()].filter(
      (row) => row.kind === kind && wanted.every(([name, field]) => Reflect.get(row.value, name) === field),
    );
    return found.map(({ value }) => snapshot(value, kind).value); // a frozen copy each time
  }

  return new BaseStorage({
    put: ({ kind, key, value }) => save(new Map(rows).set(nameOf(kind, key), { kind, value })),
    find(kind, key) {
      const row = rows.get(nameOf(kind, key));
      return row && snapshot(row.value, kind).value;
    },
    list,
    count: (kind) => list(kind, {}).length,
    clear: () => save(new Map()),
  });
}
