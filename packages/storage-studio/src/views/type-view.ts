import { isStub } from '@gati-framework/api-import';
import type { GType } from '@gati-framework/manifest-store';
import { LIMITS, type PropertyView, type TypeView } from '../api/index.js';
import { defined, fieldOf, listOf, stringOf } from './fields.js';
import { jsonTextOf, textOf } from './text.js';

/** Finds the stored type of a ref. */
export type FindType = (ref: string) => Promise<GType | undefined>;

/** Types that are expanded together: they share the room for types and properties. */
export class TypeExpansion {
  readonly #find: FindType;
  #left: number = LIMITS.typeNodes;

  constructor(find: FindType) {
    this.#find = find;
  }

  /** The type that is stored under a ref, expanded where there is room, each type at most once on a way. */
  async ofRef(ref: string, way: readonly string[] = []): Promise<TypeView> {
    if (way.includes(ref) || this.#left <= 0) return this.#named(ref, 'reference');
    const type = await this.#find(ref);
    if (type === undefined) return this.#named(ref, 'missing');
    return await this.#view(type, 'stored', [...way, ref]);
  }

  #named(ref: string, is: 'reference' | 'missing'): TypeView {
    this.#left -= 1;
    return { ref: textOf(ref), kind: 'object', is };
  }

  async #view(type: unknown, is: TypeView['is'], way: readonly string[]): Promise<TypeView> {
    this.#left -= 1;
    const kind = (stringOf(fieldOf(type, 'kind')) ?? 'object') as TypeView['kind'];
    const description = fieldOf(type, 'description');
    const parts = new Parts();
    const properties = await this.#properties(type, way, parts);
    const types = await this.#list(fieldOf(type, 'types'), way, parts);
    const items = fieldOf(type, 'items');
    return defined({
      ref: textOf(fieldOf(type, 'ref')),
      kind,
      is,
      primitive: stringOf(fieldOf(type, 'primitiveType')) as TypeView['primitive'],
      description: description === undefined ? undefined : textOf(description),
      properties,
      items: items === undefined ? undefined : await this.#inside(items, way),
      types,
      validators: validatorsOf(type, parts),
      more: parts.more === 0 ? undefined : parts.more,
    }) as TypeView;
  }

  async #inside(type: unknown, way: readonly string[]): Promise<TypeView> {
    const ref = stringOf(fieldOf(type, 'ref'));
    const isReference = typeof type === 'object' && type !== null && isStub(type as GType);
    if (isReference && ref !== undefined) return await this.ofRef(ref, way);
    return await this.#view(type, 'inline', way);
  }

  async #properties(
    type: unknown,
    way: readonly string[],
    parts: Parts,
  ): Promise<PropertyView[] | undefined> {
    const properties = fieldOf(type, 'properties');
    if (typeof properties !== 'object' || properties === null) return undefined;
    const views: PropertyView[] = [];
    for (const [name, property] of Object.entries(properties)) {
      if (!this.#hasRoom(parts)) continue;
      const description = fieldOf(property, 'description');
      views.push({
        name: textOf(name),
        optional: fieldOf(property, 'optional') === true,
        ...(description !== undefined && { description: textOf(description) }),
        type: await this.#inside(fieldOf(property, 'type'), way),
      });
    }
    return views;
  }

  async #list(types: unknown, way: readonly string[], parts: Parts): Promise<TypeView[] | undefined> {
    if (!Array.isArray(types)) return undefined;
    const views: TypeView[] = [];
    for (const type of types) if (this.#hasRoom(parts)) views.push(await this.#inside(type, way));
    return views;
  }

  #hasRoom(parts: Parts): boolean {
    if (this.#left > 0) return true;
    parts.more += 1;
    return false;
  }
}

/** What there was no room for in one type. */
class Parts {
  more = 0;
}

const MAX_VALIDATORS = 50;
/** Of the value of one validator: a list of what is allowed may be long. */
const MAX_VALUE = 4_096;

function validatorsOf(type: unknown, parts: Parts): TypeView['validators'] {
  const validators = listOf(fieldOf(type, 'validators'));
  if (validators.length === 0) return undefined;
  parts.more += Math.max(0, validators.length - MAX_VALIDATORS);
  return validators.slice(0, MAX_VALIDATORS).map((validator) => {
    const message = fieldOf(validator, 'message');
    return {
      type: textOf(fieldOf(validator, 'type')),
      value: jsonTextOf(fieldOf(validator, 'value'), MAX_VALUE),
      ...(message !== undefined && { message: textOf(message) }),
    };
  });
}
