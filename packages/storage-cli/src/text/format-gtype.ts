import { customAssertion, isAny, isStub } from '@gati-framework/api-import';
import type { GType, Validator } from '@gati-framework/manifest-store';
import { displayWidth } from './display-width.js';
import { asJsonLine } from './json.js';
import { printable } from './printable.js';

/** Columns of the longest union that stays on one line. */
const LINE = 80;

/** A GType in the manner of TypeScript, with its checks behind it: `string (min 1, pattern "^a")`. */
export function formatGType(type: GType, indent = 0, hidden: ReadonlySet<string> = NOTHING): string {
  const checks = (type.validators ?? [])
    .filter((validator) => !hidden.has(customAssertion(validator)?.keyword ?? ''))
    .map((validator) => formatValidator(validator, indent))
    .join(', ');
  const body = formatBody(type, indent);
  if (checks === '') return body;
  return `${isSeveral(type) ? `(${body})` : body} (${checks})`;
}

const NOTHING: ReadonlySet<string> = new Set();

function formatBody(type: GType, indent: number): string {
  if (isStub(type)) return printable(type.ref);
  if (isAny(type)) return 'anything';
  switch (type.kind) {
    case 'primitive':
      return type.primitiveType ?? 'primitive';
    case 'array':
      return formatArray(type.items, indent);
    case 'object':
      return formatObject(type, indent);
    case 'union':
      return formatMembers(type, ' | ', 'nothing', indent);
    case 'intersection':
      return formatMembers(type, ' & ', 'anything', indent);
  }
}

/** Whether the text of a type is several types with operators between them. */
function isSeveral(type: GType): boolean {
  return (type.types?.length ?? 0) > 1;
}

function formatArray(items: GType | undefined, indent: number): string {
  if (items === undefined) return 'anything[]';
  const text = formatGType(items, indent);
  return isSeveral(items) || items.validators?.length ? `(${text})[]` : `${text}[]`;
}

function formatObject(type: GType, indent: number): string {
  const described = type.properties ?? {};
  const undescribed = (type.required ?? []).filter((name) => !Object.hasOwn(described, name));
  const margin = ' '.repeat(indent + 2);
  const lines = Object.entries(described).map(
    ([name, { type: inner, optional }]) =>
      `${margin}${formatName(name)}${optional ? '?' : ''}: ${formatGType(inner, indent + 2)}`,
  );
  lines.push(...undescribed.map((name) => `${margin}${formatName(name)}: anything`));
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${' '.repeat(indent)}}`;
}

/** On one line, or, when that is too long, one line for each member. */
function formatMembers(type: GType, operator: string, empty: string, indent: number): string {
  const members = type.types ?? [];
  const [only] = members;
  if (only === undefined) return empty;
  const parts = members.map((member) => formatMember(member, members.length > 1, indent));
  const line = parts.join(operator);
  const longest = Math.max(...line.split('\n').map(displayWidth));
  if (parts.length === 1 || indent + longest <= LINE) return line;
  const margin = ' '.repeat(indent + 2);
  return members
    .map((member) => `\n${margin}${operator.trimStart()}${formatMember(member, true, indent + 4)}`)
    .join('');
}

function formatMember(member: GType, oneOfSeveral: boolean, indent: number): string {
  const text = formatGType(member, indent);
  return oneOfSeveral && isSeveral(member) && !member.validators?.length ? `(${text})` : text;
}

function formatName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : printable(JSON.stringify(name));
}

function formatValidator(validator: Validator, indent: number): string {
  const assertion = customAssertion(validator);
  if (assertion?.schema !== undefined) {
    return `${printable(assertion.keyword)} ${formatGType(assertion.schema, indent)}`;
  }
  if (assertion !== undefined) return `${printable(assertion.keyword)} ${formatValue(assertion.value)}`;
  const value = validator.value as unknown;
  if (validator.type === 'enum' && Array.isArray(value)) return value.map(formatValue).join(' | ');
  return `${validator.type} ${formatValue(value)}`;
}

function formatValue(value: unknown): string {
  return printable(typeof value === 'object' ? asJsonLine(value) : String(value));
}
