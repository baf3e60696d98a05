import type { LogEntry, LoggedStep, RecordKind } from '@gati-framework/manifest-store';
import { keyTuple } from '@gati-framework/manifest-store/backend';
import type { Paint } from './colour.js';
import { cutTo } from './display-width.js';
import { formatLocalTime } from './format-local-time.js';
import { formatTime } from './format-time.js';
import { asJsonLine } from './json.js';
import { printable } from './printable.js';

/** How many records of a kind are named. */
const SHOWN = 3;

export interface CommitOptions {
  /** Columns of the terminal; undefined: nothing is cut. */
  readonly width: number | undefined;
  readonly paint: Paint;
}

/** A commit for people: when it was made, why, and what it stored and deleted, a line for each kind. */
export function formatCommit(commit: LogEntry, { width, paint }: CommitOptions): string {
  const { revision, committedAt, note } = commit;
  const line = (text: string): string =>
    width === undefined ? printable(text) : cutTo(width, printable(text));
  const head = paint('yellow', line(`revision ${revision}  ${formatLocalTime(committedAt)}`));
  const why = note === undefined ? [] : [...note.split('\n').map((text) => line(`    ${text}`)), ''];
  return [head, ...why, ...stepsOf(commit).map((text) => line(`    ${text}`))].join('\n');
}

/** The same for programs, on one line. */
export function commitAsJson(commit: LogEntry): string {
  return asJsonLine(commitForPrograms(commit));
}

export function commitForPrograms({ revision, committedAt, note, changeCount, changes }: LogEntry): object {
  const steps = changes.map(stepAsJson);
  return { revision, committedAt: formatTime(committedAt), note, changeCount, changes: steps };
}

function stepAsJson(step: LoggedStep): object {
  if ('clear' in step) return step;
  if ('put' in step) return { put: step.put, key: keyTuple(step.put, step.key) };
  return { delete: step.delete, key: keyTuple(step.delete, step.key) };
}

/** `stored gtype User, Order`. */
function stepsOf({ changes, changeCount }: LogEntry): string[] {
  const named = new Map<string, string[]>();
  for (const step of changes) {
    const what = headOf(step);
    const names = named.get(what) ?? [];
    named.set(what, names);
    if (!('clear' in step)) names.push(nameOf('put' in step ? step.put : step.delete, step.key));
  }
  const lines = Array.from(named, ([what, names]) => (names.length === 0 ? what : `${what}: ${some(names)}`));
  const untold = changeCount - changes.length;
  return untold > 0 ? [...lines, `and ${untold} more changes`] : lines;
}

function headOf(step: LoggedStep): string {
  if ('clear' in step) return 'cleared the store';
  return 'put' in step ? `stored ${step.put}` : `deleted ${step.delete}`;
}

/** As it is typed: `users.get@1.0.0`. */
function nameOf(kind: RecordKind, key: Parameters<typeof keyTuple>[1]): string {
  return keyTuple(kind, key).join('@');
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}
