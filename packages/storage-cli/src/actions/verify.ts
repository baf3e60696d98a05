import { type StoreProblem, verifyStorage } from '@gati-framework/storage-tools/verify';
import { showRecordsRead } from '../progress.js';
import type { Terminal } from '../terminal.js';
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
  return await withStorage(store, { readOnly: true }, terminal.signal, async (storage) => {
    const problems: StoreProblem[] = [];
    using progress = await showRecordsRead(terminal, storage, { quiet: json });
    const verification = verifyStorage(storage, { onProgress: progress.update });
    let step = await verification.next();
    for (; step.done !== true; step = await verification.next()) {
      problems.push(step.value);
      progress.clear();
      if (json !== true) terminal.out(`${step.value.code}: ${printable(step.value.message)}`);
    }
    progress.clear();
    const { records } = step.value;
    terminal.out(
      json === true
        ? JSON.stringify({ records, problems }, null, 2)
        : `${plural(records, 'record')} read, ${problems.length === 0 ? 'no problems' : plural(problems.length, 'problem')}`,
    );
    return problems.length === 0;
  });
}
