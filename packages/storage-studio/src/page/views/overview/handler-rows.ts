import { useSignal } from '@preact/signals';
import { useCallback, useEffect } from 'preact/hooks';
import type { HandlerRow, HandlersPage, HandlersQuery } from '../../../api/handlers.js';
import { LIMITS } from '../../../api/limits.js';
import type { RowWindow } from '../../lists/virtual-rows.js';
import { addressOf } from '../../server/address.js';
import { ask, freshness } from '../../server/answers.js';
import type { RequestError } from '../../server/request.js';
import { token } from '../../server/token.js';

/** Rows of a list of any length, of which those are known that were looked at. */
export interface HandlerRows {
  readonly total: number | undefined;
  readonly command: string | undefined;
  readonly error: RequestError | undefined;
  /** `undefined`: it is asked for. */
  readonly row: (index: number) => HandlerRow | undefined;
  readonly want: (rows: RowWindow) => void;
}

/** Milliseconds that a list that is scrolled fast is waited for, so that what only flies by is not asked for. */
const PAUSE = 60;
/** Parts that are held; others are asked for again. */
const MOST_PARTS = 12;

interface State {
  readonly key: string;
  readonly parts: ReadonlyMap<number, HandlersPage>;
  readonly error?: RequestError;
}

/** Asks for the parts of the list that are looked at, and anew for them when somebody has committed. */
export function useHandlerRows(query: HandlersQuery): HandlerRows {
  const key = addressOf('handlers', query);
  const state = useSignal<State>({ key, parts: new Map() });
  const wanted = useSignal<RowWindow>({ from: 0, to: 1 });
  const fresh = query.at === undefined ? freshness.value : 0;
  const isAllowed = token.value !== undefined;
  useEffect(() => {
    if (!isAllowed) return;
    let isCurrent = true;
    const load = async (isAnew: boolean): Promise<void> => {
      const known = isAnew ? new Map<number, HandlersPage>() : state.peek().parts;
      const missing = partsOf(wanted.peek()).filter((part) => !known.has(part));
      const loaded = await Promise.all(missing.map((part) => loadPart(query, part)));
      if (isCurrent) state.value = { key, parts: bounded(isAnew ? known : state.peek().parts, loaded) };
    };
    const fail = (error: RequestError): void => {
      if (isCurrent) state.value = { ...state.peek(), key, error };
    };
    load(true).catch(fail);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = wanted.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => load(false).catch(fail), PAUSE);
    });
    return () => {
      isCurrent = false;
      clearTimeout(timer);
      stop();
    };
  }, [key, fresh, isAllowed]);
  const { parts, error } = state.value;
  const [some] = parts.values();
  return {
    total: some?.total,
    command: some?.command,
    error: state.value.key === key ? error : undefined,
    row: (index) => parts.get(Math.floor(index / LIMITS.page))?.items[index % LIMITS.page],
    want: useCallback((rows: RowWindow) => (wanted.value = rows), []),
  };
}

function partsOf({ from, to }: RowWindow): number[] {
  const first = Math.floor(from / LIMITS.page);
  const last = Math.floor(Math.max(from, to - 1) / LIMITS.page);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

async function loadPart(query: HandlersQuery, part: number): Promise<readonly [number, HandlersPage]> {
  return [part, await ask('handlers', { ...query, offset: part * LIMITS.page })];
}

/** The parts of one moment, the newest last. */
function bounded(
  parts: ReadonlyMap<number, HandlersPage>,
  loaded: readonly (readonly [number, HandlersPage])[],
): Map<number, HandlersPage> {
  return new Map([...parts, ...loaded].slice(-MOST_PARTS));
}
