import { isObject, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import type { Located, References, Target } from './references.js';

const SCHEMAS = 'components.schemas';

/**
 * What the schemas are called that something refers to. A schema of another file
 * is called as the document calls it, `User: { $ref: ./user.yaml }` under
 * `components.schemas`, or else after its file. Neither depends on the order in
 * which references are met, so that a name stays what it is from version to version.
 */
export class SchemaNames {
  /** Names of schemas of other files, by place. */
  readonly #adopted = new Map<string, string>();
  /** What is behind these names, by their places in the document. */
  readonly #targets = new Map<string, Target>();

  constructor(schemas: JsonObject, references: References) {
    for (const [name, schema] of Object.entries(schemas)) {
      const reference =
        isObject(schema) && Object.keys(schema).length === 1 ? own(schema, '$ref') : undefined;
      if (typeof reference !== 'string' || reference.startsWith('#')) continue;
      const place = joinPlace(SCHEMAS, name);
      const target = references.target(reference, joinPlace(place, '$ref'));
      if (target.file === '' || this.#adopted.has(target.place)) continue;
      this.#adopted.set(target.place, name);
      this.#targets.set(place, target);
    }
  }

  /** The schema of another file that has its name here; any other one itself. */
  behind<T extends Located>(schema: T): T | Target {
    return this.#targets.get(schema.place) ?? schema;
  }

  nameOf({ file, path, place }: Target): string {
    const [root, section, name] = path;
    const isNamed = path.length === 3 && root === 'components' && section === 'schemas';
    const inside = isNamed ? String(name) : path.join('/');
    if (file === '') return inside;
    return this.#adopted.get(place) ?? [file.slice('./'.length), inside].filter(Boolean).join('/');
  }
}
