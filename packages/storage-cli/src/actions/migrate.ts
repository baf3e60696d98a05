import {
  inspectStore,
  migrateStore,
  migrationScript,
  type StoreInspection,
} from '@gati-framework/storage-tools/schema';
import { tellOfWaiting } from '../tell-of-waiting.js';
import type { Terminal } from '../terminal.js';
import { asJson } from '../text/json.js';
import { asUsage } from '../usage-error.js';

export interface MigrateCommandOptions {
  readonly store: string;
  /** Print the SQL, and change nothing. */
  readonly print?: boolean;
  readonly json?: boolean;
}

export async function migrateCommand(
  terminal: Terminal,
  { store, print, json }: MigrateCommandOptions,
): Promise<void> {
  if (print === true) return printScript(terminal, store, json === true);
  terminal.signal.throwIfAborted();
  const { from, to } = await tellOfWaiting(terminal, { store }, () => asUsage(() => migrateStore(store)));
  if (json === true) return terminal.out(asJson({ from, to, changed: from !== to }));
  if (from === to) terminal.out(nothingToDo(from));
  else
    terminal.out(
      from === 0
        ? `Made a store of schema version ${to}.`
        : `Brought the schema from version ${from} to ${to}.`,
    );
}

async function printScript(terminal: Terminal, store: string, json: boolean): Promise<void> {
  const { schemaVersion: from = 0, knownVersion = 0 }: StoreInspection = await tellOfWaiting(
    terminal,
    { store },
    () => asUsage(() => inspectStore(store)),
  );
  const sql = await migrationScript(store);
  if (json) return terminal.out(asJson({ from, to: Math.max(from, knownVersion), sql }));
  // Also where there is nothing to do, what is printed can be run.
  terminal.out(sql === '' ? `-- ${nothingToDo(from)}` : sql.trimEnd());
}

function nothingToDo(version: number): string {
  return version === 0
    ? 'Nothing to do: this store has no schema.'
    : `Nothing to do: the schema has version ${version}.`;
}
