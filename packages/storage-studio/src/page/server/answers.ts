import { type Signal, signal, useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EndpointName } from '../../api/endpoints.js';
import { type AnswerOf, addressOf, type QueryOf } from './address.js';
import { type RequestError, requestJson } from './request.js';
import { token } from './token.js';

/** What the server answered, as far as it has. */
export interface Answered<T> {
  /** The last answer to this question; it stays while a newer one is under way, so that nothing jumps. */
  readonly value?: T;
  readonly error?: RequestError;
}

/** Grows when somebody has committed: an answer about now is worth asking for again. */
export const freshness: Signal<number> = signal(0);

interface Kept {
  readonly freshness: number;
  readonly answer: Promise<unknown>;
  value?: unknown;
}

/** The last questions, so that a step back shows at once what was there, and two that ask the same share an answer. */
const kept = new Map<string, Kept>();
const MOST_KEPT = 32;

/** Asks a question, or takes the answer that is still true. */
export async function ask<N extends EndpointName>(name: N, query: QueryOf<N>): Promise<AnswerOf<N>> {
  return (await askAddress(addressOf(name, query))) as AnswerOf<N>;
}

function askAddress(address: string): Promise<unknown> {
  // What was at a fixed revision stays true.
  const wanted = /[?&]at=\d/.test(address) ? 0 : freshness.peek();
  const known = kept.get(address);
  if (known?.freshness === wanted) return known.answer;
  const answer = requestJson<unknown>(address);
  const entry: Kept = { freshness: wanted, answer, value: known?.value };
  kept.delete(address);
  kept.set(address, entry);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  answer.then(
    (value) => (entry.value = value),
    () => kept.get(address) === entry && kept.delete(address),
  );
  return answer;
}

/** Another server or another history: nothing that was said before counts. */
export function forgetAnswers(): void {
  kept.clear();
  freshness.value++;
}

/** The answer to a question, and a newer one when somebody has committed. `undefined` asks nothing. */
export function useAnswer<N extends EndpointName>(
  name: N,
  query: QueryOf<N> | undefined,
): Answered<AnswerOf<N>> {
  type State = { readonly address?: string } & Answered<AnswerOf<N>>;
  const state = useSignal<State>({});
  const address = query === undefined ? undefined : addressOf(name, query);
  const fresh = freshness.value;
  const isAllowed = useComputed(() => token.value !== undefined).value;
  useEffect(() => {
    if (address === undefined || !isAllowed) return;
    let isWanted = true;
    askAddress(address).then(
      (value) => {
        if (isWanted) state.value = { address, value: value as AnswerOf<N> };
      },
      (error: RequestError) => {
        const { address: before, value } = state.peek();
        if (isWanted)
          state.value = { address, error, ...(before === address && value !== undefined ? { value } : {}) };
      },
    );
    return () => {
      isWanted = false;
    };
  }, [address, fresh, isAllowed]);
  if (address === undefined) return {};
  if (state.value.address === address) return state.value;
  const value = kept.get(address)?.value as AnswerOf<N> | undefined;
  return value === undefined ? {} : { value };
}
