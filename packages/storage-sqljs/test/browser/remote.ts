import type { Page } from 'playwright-core';
import type { Actions, Answer, Place, Question } from './calls.js';

type Ask = (place: Place, question: Question) => Promise<Answer>;

/** The actions of a page or of its worker, as asynchronous functions of this process. */
export type Remote<A extends Actions> = {
  readonly [Name in keyof A]: (...args: Parameters<A[Name]>) => Promise<Awaited<ReturnType<A[Name]>>>;
};

export function remote<A extends Actions>(page: Page, place: Place): Remote<A> {
  const call =
    (action: string) =>
    (...args: unknown[]) =>
      ask(page, place, { action, args });
  return new Proxy({} as Remote<A>, {
    // With a `then` it would pass for a promise.
    get: (_, name: string) => (name === 'then' ? undefined : call(name)),
  });
}

async function ask(page: Page, place: Place, question: Question): Promise<unknown> {
  const answer = await page.evaluate(
    ([place, question]) => (globalThis as unknown as { ask: Ask }).ask(place, question),
    [place, question] as const,
  );
  if ('error' in answer) throw Object.assign(new Error(), answer.error);
  return answer.value;
}
