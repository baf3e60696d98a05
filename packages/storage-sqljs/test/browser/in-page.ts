/// <reference lib="dom" />
import { type Actions, type Answer, answer, type Place, type Question } from './calls.js';

/** Lets the test ask the page, and through it the worker. */
export function answerInPage(actions: Actions, worker: Worker): void {
  const ask = (place: Place, question: Question): Promise<Answer> =>
    place === 'page' ? answer(actions, question) : askWorker(worker, question);
  Object.assign(globalThis, { ask });
}

function askWorker(worker: Worker, question: Question): Promise<Answer> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      port1.close();
      resolve(data);
    };
    worker.postMessage(question, [port2]);
  });
}
