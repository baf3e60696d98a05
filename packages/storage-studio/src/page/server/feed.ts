import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { CommitView, StudioEvent } from '../../api/commits.js';
import { EVENTS_PATH } from '../../api/endpoints.js';
import type { Overview } from '../../api/overview.js';
import { ask, forgetAnswers, freshness } from './answers.js';
import { readEvents } from './event-stream.js';
import { RequestError, request } from './request.js';
import { token } from './token.js';

/** What is known of the store as it is now, whatever is looked at. */
export const studio: Signal<Overview | undefined> = signal(undefined);

/** Whether commits are told as they are made. */
export const feedState: Signal<'waiting' | 'live'> = signal('waiting');

/** The revision of the store now. */
export const newest: Signal<number | undefined> = signal(undefined);

/** The first revision that can be looked at; `undefined` where there is no past. */
export const oldest: ReadonlySignal<number | undefined> = computed(() => studio.value?.oldestRevision);

/** Commits that were told since the page was opened, newest first; bounded, as a page may stay open for weeks. */
export const told: Signal<readonly CommitView[]> = signal([]);
const MOST_TOLD = 100;

/**
 * Between two times that everything on the page is asked for again, however often somebody commits: so many times as long as
 * the answer took, within these milliseconds. A server that is quick is asked again soon, and none is kept busy by it.
 */
const BETWEEN = { times: 4, least: 50, most: 400 };
/** Milliseconds before the feed is asked for again, after the first failure and at most. */
const PATIENCE = { first: 250, most: 5000 };

/** Follows the store for as long as the page is open. */
export async function followStore(): Promise<void> {
  let patience = PATIENCE.first;
  for (;;) {
    await untilAllowed();
    try {
      await whileSeen((signal) => followOnce(signal, () => (patience = PATIENCE.first)));
    } catch (error) {
      // Anything else the views say: they ask as well.
      if (error instanceof RequestError && error.code === 'STORAGE_COMPACTED') startAnew();
    }
    feedState.value = 'waiting';
    await sleep(patience);
    patience = Math.min(patience * 2, PATIENCE.most);
  }
}

/** From the last revision that is known until the stream ends. */
async function followOnce(signal: AbortSignal, begin: () => void): Promise<void> {
  if (newest.peek() === undefined) await look();
  const { body } = await request(`${EVENTS_PATH}?after=${newest.peek()}`, { signal });
  if (body === null) return;
  begin();
  feedState.value = 'live';
  for await (const { type, data } of readEvents(body)) {
    const event = { type, ...JSON.parse(data) } as StudioEvent;
    if (event.type === 'commit') tell(event);
    else if (event.type === 'compacted') return startAnew();
    else return;
  }
}

async function look(): Promise<void> {
  const overview = await ask('overview', {});
  studio.value = overview;
  newest.value = Math.max(overview.current, newest.peek() ?? 0);
  // What it left out is known when something is answered that waits for it.
  if (overview.index.state === 'building') ask('facets', {}).then(refresh, () => {});
}

function tell({ type: _, ...commit }: { readonly type: 'commit' } & CommitView): void {
  newest.value = commit.revision;
  told.value = [commit, ...told.peek()].slice(0, MOST_TOLD);
  refresh();
}

/** What was to be told is no longer kept, or the store is another one now. */
function startAnew(): void {
  told.value = [];
  newest.value = undefined;
  forgetAnswers();
}

let isWanted = false;
let isUnderWay = false;

/** The first commit is shown at once; of many, the page follows as often as the server can tell. */
function refresh(): void {
  isWanted = true;
  if (!isUnderWay) void refreshWhileWanted();
}

async function refreshWhileWanted(): Promise<void> {
  isUnderWay = true;
  while (isWanted) {
    isWanted = false;
    const begun = performance.now();
    freshness.value++;
    await look().catch(() => {}); // the views say what is wrong: they ask as well
    const pause = BETWEEN.times * (performance.now() - begun);
    await sleep(Math.min(BETWEEN.most, Math.max(BETWEEN.least, pause)));
  }
  isUnderWay = false;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Waits until somebody looks at this tab, and ends the work when nobody does any more: a browser opens six connections to a
 * server, and tabs in the background leave them to the one in front.
 */
async function whileSeen(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  while (document.visibilityState === 'hidden')
    await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
  const seen = new AbortController();
  const { signal } = seen;
  const look = (): void => {
    if (document.visibilityState === 'hidden') seen.abort();
  };
  document.addEventListener('visibilitychange', look, { signal });
  await work(signal).finally(() => seen.abort());
}

function untilAllowed(): Promise<void> {
  return new Promise((resolve) => {
    const stop = token.subscribe((value) => {
      if (value === undefined) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}
