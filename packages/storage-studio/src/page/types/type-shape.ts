import type { Text } from '../../api/common.js';
import type { TypeView } from '../../api/types.js';
import { sentText } from '../text/stored-text.js';

/** A part of a type that has parts of its own: a property, an alternative, an element of a list. */
export interface TypePart {
  /** Of a property; absent for what has no name. */
  readonly name?: Text;
  readonly optional?: boolean;
  readonly description?: Text;
  /** What is said of an alternative: `200`, `application/json`. */
  readonly labels: readonly string[];
  readonly type: TypeView;
}

/** What a type is made of, in its order. */
export function typeParts(type: TypeView): TypePart[] {
  switch (type.kind) {
    case 'object':
      return (type.properties ?? []).map((property) => ({ ...property, labels: [] }));
    case 'array':
      return type.items === undefined ? [] : typeParts(type.items);
    case 'union':
    case 'intersection':
      return areSimple(type.types) ? [] : (type.types ?? []).map(alternative);
    default:
      return [];
  }
}

/** Imports label the bodies of a request or response by status and media type, around the type that a body has. */
function alternative(type: TypeView): TypePart {
  const labels = labelsOf(type);
  const [inner, ...others] = type.types ?? [];
  const isLabel = labels.length > 0 && inner !== undefined && others.length === 0;
  return { labels, type: isLabel ? inner : type };
}

const LABELS = ['status', 'mediaType'] as const;

function labelsOf({ validators = [] }: TypeView): string[] {
  if (validators.length === 0) return [];
  const said = validators.map(assertion);
  return LABELS.flatMap((keyword) => {
    const value = said.find((found) => found?.keyword === keyword)?.value;
    return typeof value === 'string' ? [value] : [];
  });
}

interface Assertion {
  readonly keyword: string;
  readonly value?: unknown;
}

type ValidatorView = NonNullable<TypeView['validators']>[number];

/** What an import keeps that a type has no place for. */
function assertion({ type, value }: ValidatorView): Assertion | undefined {
  if (type !== 'custom') return undefined;
  const found = parsed(value.text) as Partial<Assertion> | null | undefined;
  return typeof found?.keyword === 'string' ? (found as Assertion) : undefined;
}

/** A type that is said in a few words, so that nothing needs to be opened. */
export function isSimple(type: TypeView): boolean {
  if (isNamed(type) || type.kind === 'primitive') return true;
  if (type.kind === 'array') return type.items === undefined || isSimple(type.items);
  if (type.kind === 'object') return false;
  return areSimple(type.types);
}

/** Whether the members of a type can stand in one line. */
export function areSimple(members: readonly TypeView[] = []): boolean {
  return (
    members.length <= MOST_IN_A_LINE && members.every((one) => isSimple(one) && labelsOf(one).length === 0)
  );
}

const MOST_IN_A_LINE = 6;

/** A type that has a name of its own in the store. */
export function isNamed({ is, ref }: TypeView): boolean {
  return is !== 'inline' && !sentText(ref).startsWith('#');
}

/** The checks of a type, each as a few words. */
export function checkTexts({ validators = [] }: TypeView): string[] {
  return validators.map((validator) => {
    const found = assertion(validator);
    if (found !== undefined)
      return 'value' in found ? `${found.keyword} ${JSON.stringify(found.value)}` : found.keyword;
    const { type, value } = validator;
    const list = type === 'enum' ? parsed(value.text) : undefined;
    if (Array.isArray(list)) return list.map((one) => JSON.stringify(one)).join(' | ');
    return `${sentText(type)} ${value.text}${value.text.length < value.length ? '…' : ''}`;
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
