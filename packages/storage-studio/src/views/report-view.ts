import type { DocumentPlan, HandlerSummary, Weighed } from '@gati-framework/api-import';
import { type CheckedHandler, type CheckReport, type Findings, LIMITS } from '../api/index.js';
import { defined } from './fields.js';
import { findingsView } from './findings-view.js';
import { textOf } from './text.js';

type Report = DocumentPlan['report'];

/** What a document means for callers, as `import --dry-run` says it. */
export function reportView(report: Report): CheckReport {
  const { source, operations, schemas, types, inexpressible } = report;
  return {
    source,
    operations,
    schemas,
    ...handlersOf(report),
    counts: countsOf(report),
    types: {
      added: types.added.length,
      changed: types.changed.length,
      redescribed: types.redescribed.length,
      unchanged: types.unchanged,
    },
    inexpressible: first(inexpressible).map(({ keyword, count, effect, first: place }) => ({
      keyword: textOf(keyword),
      count,
      effect,
      first: textOf(place),
    })),
  };
}

type Handlers = Pick<CheckReport, 'added' | 'changed' | 'inserted' | 'renamed' | 'removed'>;

function handlersOf({ added, changed, inserted, renamed, removed }: Report): Handlers {
  return {
    added: first(added).map(handlerView),
    changed: first(changed).map((one) => ({ ...weighedView(one), parent: one.parent })),
    inserted: first(inserted).map((one) => ({ ...weighedView(one), ...defined({ parent: one.parent }) })),
    renamed: first(renamed).map(({ handlerId, was, differences }) => ({
      handlerId: textOf(handlerId),
      was: textOf(was),
      ...findingsView(differences),
    })),
    removed: first(removed).map(textOf),
  };
}

function weighedView(handler: HandlerSummary & Weighed): CheckedHandler & Findings {
  return { ...handlerView(handler), ...findingsView(handler.differences) };
}

function countsOf({
  added,
  changed,
  inserted,
  renamed,
  removed,
  unchanged,
  outdated,
}: Report): CheckReport['counts'] {
  const weighed = [...changed, ...inserted, ...renamed];
  return {
    added: added.length,
    changed: changed.length,
    inserted: inserted.length,
    renamed: renamed.length,
    removed: removed.length,
    unchanged: unchanged.length,
    outdated: outdated.length,
    breaking: weighed.filter(({ verdict }) => verdict === 'breaking').length,
  };
}

function handlerView({ handlerId, version, method, path }: HandlerSummary): CheckedHandler {
  return {
    handlerId: textOf(handlerId),
    version: textOf(version),
    method: textOf(method),
    path: textOf(path),
  };
}

function first<T>(list: readonly T[]): readonly T[] {
  return list.slice(0, LIMITS.page);
}
