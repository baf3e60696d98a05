import type { GType } from '@gati-framework/manifest-store';
import { customValue, isAny, isStub } from '../gtypes/gtype-shapes.js';
import { baseRef } from '../gtypes/refs.js';
import { type Alternative, isAnything } from './alternative.js';
import type { NormalForm } from './normal-form.js';

/** A type in a few words: `string`, `User`, `User[]`, `"A" | "B"`. */
export function describeType(type: GType): string {
  if (isStub(type)) return baseRef(type.ref);
  if (isAny(type)) return 'anything';
  switch (type.kind) {
    case 'primitive':
      return describePrimitive(type);
    case 'array':
      return type.items === undefined ? 'array' : `${parenthesise(describeType(type.items))}[]`;
    case 'object':
      return 'object';
    case 'union':
      return type.types?.length === 0 ? 'nothing' : describeList(type, ' | ');
    case 'intersection':
      return describeList(type, ' & ');
  }
}

/** An alternative of a normal form, as it was written if it stands for one type. */
export function describeAlternative(alternative: Alternative): string {
  const { source, basis, partOf, family, validators } = alternative;
  if (partOf !== undefined && (source === undefined || !isStub(source))) return partOf;
  if (source !== undefined) return describeType(source);
  if (basis !== undefined) return basis;
  if (isAnything(alternative) || family === undefined) return 'anything';
  if (family === 'object' || family === 'array') return family;
  return describePrimitive({
    ref: '',
    kind: 'primitive',
    primitiveType: family,
    validators: [...validators],
  });
}

export function describeForm({ alternatives }: NormalForm): string {
  const parts = alternatives.map(describeAlternative);
  if (parts.length === 0) return 'nothing';
  if (parts.length <= 4) return parts.join(' | ');
  return `${parts.slice(0, 3).join(' | ')} | ${parts.length - 3} more`;
}

function describePrimitive(type: GType): string {
  const values: unknown = type.validators?.find((validator) => validator.type === 'enum')?.value;
  if (Array.isArray(values) && values.length > 0 && values.length <= 4) {
    return values.map((value) => JSON.stringify(value)).join(' | ');
  }
  return customValue(type, 'type') === 'integer' ? 'integer' : (type.primitiveType ?? 'primitive');
}

function describeList(type: GType, separator: string): string {
  const members = (type.types ?? []).map(describeType);
  if (members.length <= 4) return members.join(separator);
  return `${members.slice(0, 3).join(separator)}${separator}${members.length - 3} more`;
}

function parenthesise(text: string): string {
  return text.includes(' ') ? `(${text})` : text;
}
