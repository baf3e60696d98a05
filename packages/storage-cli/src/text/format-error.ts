import { StorageError } from '@gati-framework/manifest-store';
import { InterruptedError } from '../interrupted-error.js';
import { printable } from './printable.js';
import { inWordsOfCommands } from './wording.js';

/** What Ctrl-C leads to, whatever failed because of it. */
export const INTERRUPTED: unique symbol = Symbol('interrupted');

/** A store takes records of any shape, and what reads them may rely on that of their kind. */
const UNEXPECTED =
  'an error that should not happen. If gati-storage verify finds records that are not what they should be, store these again; ' +
  'else please report it';

/** Why a command failed, as a line for people, or as JSON: `{"error": {"code", "message", "path"}}`. */
export function formatError(error: unknown, json: boolean): string {
  const { code, message, path, stack } = describeError(error);
  if (json) return JSON.stringify({ error: { code, message, path, stack } }, null, 2);
  const name = code === 'INTERRUPTED' ? '' : `${code}: `;
  return [`gati-storage: ${name}${message}`, ...(stack ?? '').split('\n')]
    .map(printable)
    .join('\n')
    .trimEnd();
}

interface Description {
  readonly code: string;
  readonly message: string;
  /** Place in what the user gave. */
  readonly path?: string | undefined;
  /** Only of errors that nobody expected: others say what to do, and a stack would only be in the way. */
  readonly stack?: string | undefined;
}

/** What is told of an error, whether in words or in JSON. */
export function describeError(error: unknown): Description {
  if (error === INTERRUPTED)
    return { code: 'INTERRUPTED', message: 'interrupted; a commit is stored whole or not at all' };
  if (error instanceof InterruptedError) return { code: 'INTERRUPTED', message: error.message };
  if (error instanceof StorageError)
    return { code: error.code, message: inWordsOfCommands(error.message), path: error.path };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'UNEXPECTED', message: UNEXPECTED, stack };
}
