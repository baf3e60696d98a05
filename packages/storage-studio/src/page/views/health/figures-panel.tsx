import type { ComponentChildren, VNode } from 'preact';
import type { Overview } from '../../../api/overview.js';
import { Pairs } from '../../parts/pairs.js';
import { Panel } from '../../parts/panel.js';
import { TimeAgo } from '../../parts/time.js';
import { link } from '../../router/location.js';
import { LongText } from '../../text/data-text.js';
import { sizeText } from '../../text/size-text.js';
import { cacheText, feedText, healthText } from './figure-texts.js';

type Pair = readonly [name: string, value: ComponentChildren];

/** What the store tells of itself, and what the studio holds of it. What a backend does not tell is left out. */
export function FiguresPanel({ overview }: { readonly overview: Overview }): VNode {
  return (
    <div class="columns even">
      <Panel title="The store">
        <Pairs pairs={storePairs(overview)} />
      </Panel>
      <Panel title="The connection to it">
        <Pairs pairs={connectionPairs(overview)} />
      </Panel>
    </div>
  );
}

function storePairs({ health, current, oldestRevision, figures, store }: Overview): readonly Pair[] {
  const { history, bytes } = figures;
  const commits =
    history && `${history.commits.toLocaleString('en')} ${history.commits === 1 ? 'commit' : 'commits'}`;
  return [
    ['Health', healthText(health)],
    ['Backend', store.backend],
    ['Revision', <a href={link(['commits', String(current)])}>{current.toLocaleString('en')}</a>],
    [
      'History',
      oldestRevision === undefined
        ? 'none is kept'
        : `from revision ${oldestRevision}${commits ? `, ${commits}` : ''}`,
    ],
    ['Size', bytes !== undefined && sizeText(bytes)],
  ];
}

function connectionPairs({ figures, index }: Overview): readonly Pair[] {
  const { feed, cache, connections, lastError } = figures;
  return [
    ['Hears of commits', feed && feedText(feed)],
    ['Cache', cache && cacheLine(cache)],
    [
      'Connections',
      connections && `${connections.inUse} in use, ${connections.idle} idle, ${connections.waiting} waiting`,
    ],
    ['Names in the studio', `${sizeText(index.bytes)} of ${sizeText(index.limit)}`],
    [
      'Last error',
      lastError === undefined ? (
        'none'
      ) : (
        <>
          <TimeAgo time={lastError.at} /> <code>{lastError.code}</code> <LongText text={lastError.message} />
        </>
      ),
    ],
  ];
}

function cacheLine(cache: NonNullable<Overview['figures']['cache']>): string {
  const lookUps = cache.hits + cache.misses;
  const of = lookUps === 0 ? '' : ` of ${lookUps.toLocaleString('en')} look-ups`;
  return `${cacheText(cache)}${of}, ${sizeText(cache.bytes)} of ${sizeText(cache.maxBytes)}`;
}
