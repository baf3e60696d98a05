import { StorageError } from '../contract/storage-error.js';
import { describeType, readField } from './input.js';

/** Longest key field, in UTF-8 bytes. */
export const MAX_KEY_BYTES = 512;

/**
 * Refuses what cannot be part of a key. NUL and lone surrogates are refused
 * because not every database can hold them unchanged, and a key that changes
 * on its way would make two records one.
 */
export function assertKeyField(value: unknown, path: string): asserts value is string {
  const problem = keyFieldProblem(value);
  if (problem !== undefined) throw invalid(path, problem);
}

/** The key field of an object, read once; as {@link assertKeyField}, with `label` for the object. */
export function readKeyField(source: object, field: string, label: string): string {
  const value = readField(source, field);
  const problem = keyFieldProblem(value);
  if (problem !== undefined) throw invalid(`${label}.${field}`, problem);
  return value as string;
}

function invalid(path: string, problem: string): StorageError {
  return new StorageError('INVALID_RECORD', `${path} ${problem}.`, { path });
}

function keyFieldProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return `must be a string, not ${describeType(value)}`;
  if (value.length === 0) return 'must not be empty';
  // Three bytes a code unit is the most that UTF-8 takes.
  if (value.length > MAX_KEY_BYTES / 3 && utf8Length(value) > MAX_KEY_BYTES) {
    return `must be at most ${MAX_KEY_BYTES} UTF-8 bytes, and has ${utf8Length(value)}; store a shorter identifier`;
  }
  if (value.includes('\0')) return 'must not contain NUL characters';
  if (!value.isWellFormed()) return 'must be well-formed Unicode, without lone surrogates';
  return undefined;
}

/** Bytes of a string in UTF-8; a lone surrogate counts three, as its replacement does. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next <= 0xdfff) i++; // a pair: four bytes for two units
    }
  }
  return bytes;
}
