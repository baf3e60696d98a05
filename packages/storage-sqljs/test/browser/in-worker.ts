/// <reference lib="dom" />
import { type Actions, answer, type Question } from './calls.js';

/** Lets the page ask its worker. */
export function answerInWorker(actions: Actions): void {
  addEventListener('message', async ({ data, ports: [port] }: MessageEvent<Question>) => {
    port?.postMessage(await answer(actions, data));
  });
}
