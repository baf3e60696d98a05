import * as v from 'valibot';
import { type FoundIn, type HandlerRow, type HandlersQuery, LIMITS } from '../api/index.js';
import { type HandlerMatch, searchHandlers } from '../catalog/search.js';
import { commandLine } from '../command-line.js';
import { catalogAt } from '../studio-context.js';
import { defined } from '../views/fields.js';
import { textOf } from '../views/text.js';
import type { Endpoint } from './endpoint.js';
import { count, flag, limit, name, status, text } from './input.js';
import { readCursor } from './paging.js';

const SORTS = ['id', '-id', 'path', '-path', 'deployed', '-deployed', 'versions', '-versions'] as const;

export const handlers: Endpoint<'handlers'> = {
  from: 'query',
  input: v.strictObject({
    q: v.exactOptional(text),
    path: v.exactOptional(name),
    method: v.exactOptional(name),
    role: v.exactOptional(name),
    dependency: v.exactOptional(name),
    status: v.exactOptional(status),
    breaking: v.exactOptional(flag),
    sort: v.exactOptional(v.picklist(SORTS)),
    cursor: v.exactOptional(text),
    offset: v.exactOptional(count),
    limit: v.exactOptional(limit),
    at: v.exactOptional(count),
  }),
  async answer(context, query, { signal }) {
    const catalog = await catalogAt(context, query.at, signal);
    const { revision } = catalog;
    const { matches, placeOf } = searchHandlers(catalog, query);
    const offset = query.offset ?? readCursor(query.cursor);
    const shown = matches.slice(offset, offset + (query.limit ?? LIMITS.page));
    const rows = shown.map((match) => rowOf(match, placeOf(match.handler)));
    const commitOf = await context.commits.of(shown.map(({ handler }) => handler.revision));
    const end = offset + shown.length;
    return {
      revision,
      command: commandOf(context.store, query),
      items: rows.map(({ commit, ...row }) => ({ ...row, commit: commitOf(commit.revision) })),
      total: matches.length,
      offset,
      ...(end < matches.length && { next: String(end) }),
    };
  },
};

function rowOf({ handler, versions }: HandlerMatch, found: FoundIn | undefined): HandlerRow {
  const names = handler.versionNames();
  const version = versions.at(-1) ?? handler.graph?.latest ?? '';
  const facts = handler.versions.get(version);
  return {
    handlerId: handler.handlerId,
    ...(facts !== undefined && { methods: [facts.method].flat().map(textOf), path: textOf(facts.path) }),
    version,
    versions: names.length,
    matching: versions.length,
    breaking: handler.isBreaking(version),
    breakingVersions: names.filter((one) => handler.isBreaking(one)).length,
    ...defined({ status: handler.statuses.get(version), deployedAt: handler.deployedAt(version), found }),
    commit: { revision: handler.revision },
  };
}

function commandOf(
  store: Parameters<typeof commandLine>[0],
  { path, method, role, dependency, status: wanted, at }: HandlersQuery,
): string {
  return commandLine(store, ['list'], { path, method, role, dependency, status: wanted, at });
}
