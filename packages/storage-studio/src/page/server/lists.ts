import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EndpointName } from '../../api/endpoints.js';
import { type AnswerOf, addressOf, type QueryOf } from './address.js';
import { ask, freshness } from './answers.js';
import type { RequestError } from './request.js';
import { token } from './token.js';

/** Parts of a list, as far as somebody wanted them. */
export interface Listed<A, T> {
  /** The first part, which says what is said of the whole list. */
  readonly first: A | undefined;
  readonly items: readonly T[];
  readonly error: RequestError | undefined;
  /** Asks for one more part; absent at the end of the list. */
  readonly more?: () => void;
}

interface Part<T> {
  readonly items: readonly T[];
  readonly next?: string | number;
}

/** Endpoints that answer with a part of a list. */
type Listing = { [N in EndpointName]: AnswerOf<N> extends Part<unknown> ? N : never }[EndpointName];

type ItemOf<N extends Listing> = AnswerOf<N>['items'][number];

interface State<A> {
  readonly address: string;
  readonly parts: readonly A[];
  readonly error?: RequestError;
}

/**
 * A list that is asked for part by part. When somebody has committed, as many parts are asked for anew as there were, and the old
 * ones stay until they are there. `follow` says what asks for the part behind a given one.
 */
export function useList<N extends Listing>(
  name: N,
  query: QueryOf<N> | undefined,
  follow: 'cursor' | 'before' = 'cursor',
): Listed<AnswerOf<N>, ItemOf<N>> {
  const address = query === undefined ? '' : addressOf(name, query);
  const state = useSignal<State<AnswerOf<N>>>({ address, parts: [] });
  const wanted = useSignal(1);
  const fresh = address.includes('at=') ? 0 : freshness.value;
  const isAllowed = token.value !== undefined;
  useEffect(() => {
    if (state.peek().address !== address) wanted.value = 1;
  }, [address]);
  const count = state.value.address === address ? wanted.value : 1;
  useEffect(() => {
    if (query === undefined || !isAllowed) return;
    let isWanted = true;
    loadParts(name, query, follow, count).then(
      (parts) => {
        if (isWanted) state.value = { address, parts };
      },
      (error: RequestError) => {
        const known = state.peek();
        if (isWanted) state.value = { address, parts: known.address === address ? known.parts : [], error };
      },
    );
    return () => {
      isWanted = false;
    };
  }, [address, fresh, isAllowed, count]);
  const { parts, error } = state.value.address === address ? state.value : { parts: [], error: undefined };
  const items = parts.flatMap((part) => (part as Part<ItemOf<N>>).items);
  const isMore = (parts.at(-1) as Part<unknown> | undefined)?.next !== undefined;
  return {
    first: parts[0],
    items,
    error,
    ...(isMore ? { more: () => (wanted.value = parts.length + 1) } : {}),
  };
}

/** One after the other, as each says where the next begins; those that are known are not asked for again. */
async function loadParts<N extends Listing>(
  name: N,
  query: QueryOf<N>,
  follow: 'cursor' | 'before',
  count: number,
): Promise<AnswerOf<N>[]> {
  const parts: AnswerOf<N>[] = [];
  let next: string | number | undefined;
  do {
    const part = await ask(
      name,
      next === undefined ? query : ({ ...(query as object), [follow]: next } as QueryOf<N>),
    );
    parts.push(part);
    next = (part as Part<unknown>).next;
  } while (next !== undefined && parts.length < count);
  return parts;
}
