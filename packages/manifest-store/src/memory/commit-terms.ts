import type { Revision } from '../contract/storage.js';
import type { PreparedCommitOptions } from '../rules/commit-options.js';
import { conflict, movedOn } from '../rules/common-errors.js';
import type { StoreTables } from './store-tables.js';

export const NO_TERMS: PreparedCommitOptions = Object.freeze({
  expect: [],
  expectRevision: undefined,
  note: undefined,
});

/** Throws `STORAGE_CONFLICT` where a commit expects something else of the store. */
export function assertTerms(
  { expect, expectRevision }: PreparedCommitOptions,
  revision: Revision,
  tables: StoreTables,
): void {
  if (expectRevision !== undefined && expectRevision !== revision) throw movedOn(expectRevision, revision);
  for (const { kind, key, revision: expected } of expect) {
    const actual = tables[kind].get(key[0], key[1])?.revision ?? null;
    if (actual !== expected) throw conflict(kind, key, expected, actual);
  }
}
