import type { LogEntry } from '@gati-framework/manifest-store';
import type { Terminal } from '../terminal.js';
import { painter } from '../text/colour.js';
import { commitAsJson, formatCommit } from '../text/format-commit.js';
import { print } from '../text/print.js';

/** Prints commits as they come, for people with an empty line between them, and counts them. */
export async function printCommits(
  terminal: Terminal,
  commits: AsyncIterable<LogEntry>,
  json: boolean,
): Promise<number> {
  const options = { width: terminal.columns, paint: painter(terminal) };
  let count = 0;
  for await (const commit of commits) {
    const text = json ? commitAsJson(commit) : formatCommit(commit, options);
    await print(terminal, json || count === 0 ? text : `\n${text}`);
    count += 1;
  }
  return count;
}
