import { createHash } from 'node:crypto';
import type { GType, Validator } from '@gati-framework/manifest-store';
import { isList } from '../document/json-object.js';
import { customAssertion, isStub } from './gtype-shapes.js';
import { baseRef } from './refs.js';

/**
 * Text that two GTypes share exactly when they accept the same values for the
 * same reasons: descriptions, the names of inner types, the version of the types
 * referred to, and the order of whatever has no order in a schema are left out.
 */
export function canonicalGType(type: GType): string {
  let text = texts.get(type);
  if (text === undefined) {
    text = write(type);
    texts.set(type, text);
  }
  return text;
}

/** Of types that were asked for, as comparing asks again and again: types never change once they are made. */
const texts = new WeakMap<GType, string>();

function write(type: GType): string {
  if (isStub(type)) return `>${baseRef(type.ref)}`;
  const parts: string[] = [type.kind, type.primitiveType ?? ''];
  if (type.properties !== undefined) {
    const properties = Object.entries(type.properties).map(
      ([name, inner]) => `${JSON.stringify(name)}${inner.optional ? '?' : ''}:${write(inner.type)}`,
    );
    parts.push(`{${properties.sort().join()}}`);
  }
  if (type.required !== undefined) parts.push(`!${JSON.stringify([...type.required].sort())}`);
  if (type.items !== undefined) parts.push(`[${write(type.items)}]`);
  if (type.types !== undefined) parts.push(`(${type.types.map(write).sort().join()})`);
  if (type.validators !== undefined) parts.push(`<${type.validators.map(canonicalValidator).sort().join()}>`);
  return parts.join(' ');
}

function canonicalValidator(validator: Validator): string {
  const assertion = customAssertion(validator);
  if (assertion?.schema !== undefined) return `${assertion.keyword}=${write(assertion.schema)}`;
  if (validator.type === 'enum' && isList(validator.value)) {
    return `enum=${validator.value.map(canonicalJson).sort().join()}`;
  }
  return `${validator.type}=${canonicalJson(validator.value)}`;
}

/** JSON text in which the order of properties does not show. */
export function canonicalJson(value: unknown): string {
  if (isList(value)) return `[${value.map(canonicalJson).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  const properties = Object.entries(value).map(
    ([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`,
  );
  return `{${properties.sort().join()}}`;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
