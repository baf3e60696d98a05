import type { Storage } from '@gati-framework/manifest-store';
import {
  type HistoryProblem,
  type HistorySummary,
  type StoreProblem,
  verifyHistory,
  verifyStorage,
} from '@gati-framework/storage-tools/verify';
import { showRecordsRead } from '../progress.js';
import { ReadingProgress } from '../reading-progress.js';
import type { Terminal } from '../terminal.js';
import { print } from '../text/print.js';
import { printable } from '../text/printable.js';
import { plural } from '../text/words.js';
import { withStorage } from './with-storage.js';

export interface VerifyCommandOptions {
  readonly store: string;
  readonly json?: boolean;
}

/** Prints what is wrong with a store, as it is found, and tells whether nothing is. */
export async function verifyCommand(
  terminal: Terminal,
  { store, json }: VerifyCommandOptions,
): Promise<boolean> {
  return await withStorage(store, { readOnly: true }, terminal, async (storage) => {
    const problems: (StoreProblem | HistoryProblem)[] = [];
    const tell = async (problem: StoreProblem | HistoryProblem): Promise<void> => {
      problems.push(problem);
      if (json !== true) await print(terminal, `${problem.code}: ${printable(problem.message)}`);
    };
    using progress = await showRecordsRead(terminal, storage, { quiet: json });
    const verification = verifyStorage(storage, { onProgress: progress.update });
    let step = await verification.next();
    for (; step.done !== true; step = await verification.next()) {
      progress.clear();
      await tell(step.value);
    }
    progress.clear();
    const { records } = step.value;
    using reading = new ReadingProgress(terminal, { quiet: json });
    const tellOfHistory = async (problem: HistoryProblem): Promise<void> => {
      reading.clear();
      await tell(problem);
    };
    const history = storage.capabilities.history
      ? await verifiedHistory(reading.of(storage), tellOfHistory)
      : undefined;
    reading.clear();
    terminal.out(
      json === true
        ? JSON.stringify({ records, ...history, problems }, null, 2)
        : summary(records, history, problems.length),
    );
    return problems.length === 0;
  });
}

async function verifiedHistory(
  storage: Storage,
  tell: (problem: HistoryProblem) => Promise<void>,
): Promise<HistorySummary> {
  const verification = verifyHistory(storage);
  let step = await verification.next();
  for (; step.done !== true; step = await verification.next()) await tell(step.value);
  return step.value;
}

function summary(records: number, history: HistorySummary | undefined, problems: number): string {
  const read = history === undefined ? '' : ` and ${plural(history.commits, 'commit')}`;
  const found = problems === 0 ? 'no problems' : plural(problems, 'problem');
  return `${plural(records, 'record')}${read} read, ${found}`;
}
