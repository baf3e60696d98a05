import * as v from 'valibot';
import { type Facet, LIMITS } from '../api/index.js';
import { commandLine } from '../command-line.js';
import { catalogAt } from '../studio-context.js';
import type { Endpoint } from './endpoint.js';
import { count } from './input.js';

export const facets: Endpoint<'facets'> = {
  from: 'query',
  input: v.strictObject({ at: v.exactOptional(count) }),
  async answer(context, { at }, { signal }) {
    const catalog = await catalogAt(context, at, signal);
    const [methods, roles, dependencies, statuses] = [new Tally(), new Tally(), new Tally(), new Tally()];
    for (const { versions, statuses: deployed } of catalog.handlers.values()) {
      const all = [...versions.values()];
      methods.add(all.flatMap(({ method }) => [method].flat().map((one) => one.toUpperCase())));
      roles.add(all.flatMap(({ policies }) => policies.roles ?? []));
      dependencies.add(
        all.flatMap(({ dependencies: { modules, plugins = [] } }) => [...modules, ...plugins]),
      );
      statuses.add([...deployed.values()].filter((one) => one !== undefined));
    }
    return {
      revision: catalog.revision,
      command: commandLine(context.store, ['list'], { at }),
      methods: methods.facets(),
      roles: roles.facets(),
      dependencies: dependencies.facets(),
      statuses: statuses.facets(),
    };
  },
};

/** Counts handlers by what they have. */
class Tally {
  readonly #counts = new Map<string, number>();

  /** What one handler has, however often. */
  add(values: readonly string[]): void {
    for (const value of new Set(values)) this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  /** The most frequent first. */
  facets(): Facet[] {
    return Array.from(this.#counts, ([value, handlers]) => ({ value, handlers }))
      .sort((a, b) => b.handlers - a.handlers || (a.value < b.value ? -1 : 1))
      .slice(0, LIMITS.page);
  }
}
