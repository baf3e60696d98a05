import {
  type HistoryProblem,
  type StoreProblem,
  verifyHistory,
  verifyStorage,
} from '@gati-framework/storage-tools/verify';
import * as v from 'valibot';
import { LIMITS, type ProblemView, type Verified } from '../api/index.js';
import { commandLine } from '../command-line.js';
import { pinned, type StudioStore } from '../studio-context.js';
import { textOf } from '../views/text.js';
import type { Endpoint } from './endpoint.js';

export const verify: Endpoint<'verify'> = {
  from: 'query',
  input: v.strictObject({}),
  answer: async ({ store, turns }, _, { signal }) => await turns.take(signal, () => verified(store, signal)),
};

/** Of so many problems as an answer holds more are counted only. */
async function verified(store: StudioStore, signal: AbortSignal): Promise<Verified> {
  const { storage } = store;
  const problems: ProblemView[] = [];
  let problemCount = 0;
  const tell = (problem: ProblemView): void => {
    problemCount += 1;
    if (problems.length < LIMITS.page) problems.push(problem);
  };
  const { storage: present, revision } = await pinned(storage, undefined);
  const onProgress = (): void => signal.throwIfAborted();
  const { records } = await each(verifyStorage(present, { onProgress }), (one) => tell(ofRecord(one)));
  signal.throwIfAborted();
  const history = storage.capabilities.history
    ? await each(verifyHistory(storage), (one) => tell(ofPast(one)))
    : undefined;
  return {
    revision,
    command: commandLine(store, ['verify']),
    records,
    ...(history !== undefined && { commits: history.commits }),
    problemCount,
    problems,
  };
}

/** @returns What a generator returns when it has yielded everything. */
async function each<T, R>(generator: AsyncGenerator<T, R, undefined>, take: (item: T) => void): Promise<R> {
  for (;;) {
    const { value, done } = await generator.next();
    if (done === true) return value;
    take(value);
  }
}

function ofRecord({ code, kind, key, path, message }: StoreProblem): ProblemView {
  return {
    code,
    message: textOf(message),
    record: { kind, key },
    ...(path !== '' && { path: textOf(path) }),
  };
}

function ofPast({ code, revision, message }: HistoryProblem): ProblemView {
  return { code, message: textOf(message), revision };
}
