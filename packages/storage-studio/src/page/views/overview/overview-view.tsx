import type { VNode } from 'preact';
import type { HandlerSort, HandlersQuery, VersionStatus } from '../../../api/handlers.js';
import { VirtualList } from '../../lists/virtual-list.js';
import { Failed } from '../../parts/waiting.js';
import { at, place } from '../../router/location.js';
import { useWidth } from '../../shell/width.js';
import { PageHead } from '../page-head.js';
import { Filters } from './filters.js';
import { HandlerHeading, HandlerLine } from './handler-line.js';
import { useHandlerRows } from './handler-rows.js';
import { StoreFacts } from './store-facts.js';

/** Pixels. */
const ROW = { wide: 38, narrow: 56 };

/** Every handler of the store, or those that were searched for. */
export function OverviewView(): VNode {
  const query = queryOf(place.value.params, at.value);
  const { total, command, error, row, want } = useHandlerRows(query);
  const isNarrow = useWidth() < 1000;
  return (
    <div class="view">
      <PageHead title="Handlers" command={command}>
        <output class="sub number">{total === undefined ? '' : total.toLocaleString('en')}</output>
      </PageHead>
      <StoreFacts />
      <Filters />
      {error !== undefined && <Failed error={error} />}
      <div>
        {!isNarrow && <HandlerHeading />}
        {total === 0 ? (
          <NothingFound />
        ) : (
          <VirtualList
            label="Handlers"
            count={total ?? FIRST_ROWS}
            rowHeight={isNarrow ? ROW.narrow : ROW.wide}
            row={(index) => <HandlerLine row={row(index)} />}
            onWindow={want}
          />
        )}
      </div>
    </div>
  );
}

/** Rows whose room is there before it is known how many there are. */
const FIRST_ROWS = 12;

function NothingFound(): VNode {
  return (
    <div class="empty">
      <p>No handler is like that.</p>
      <a href="#/">All handlers</a>
    </div>
  );
}

/** The filters that stand in the address. */
function queryOf(params: Readonly<Record<string, string>>, revision: number | undefined): HandlersQuery {
  const { q, path, method, role, dependency, status, breaking, sort } = params;
  return {
    ...(revision === undefined ? {} : { at: revision }),
    ...(q === undefined ? {} : { q }),
    ...(path === undefined ? {} : { path }),
    ...(method === undefined ? {} : { method }),
    ...(role === undefined ? {} : { role }),
    ...(dependency === undefined ? {} : { dependency }),
    ...(status === undefined ? {} : { status: status as VersionStatus }),
    ...(breaking === undefined ? {} : { breaking: breaking === 'true' }),
    ...(sort === undefined ? {} : { sort: sort as HandlerSort }),
  };
}
