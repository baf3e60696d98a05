import { TimeSlice } from '@gati-framework/manifest-store/backend';
import { type LogCommit, type LogGroup, type WrittenCommit, type WrittenGroup, writeChange } from './log.js';

/** So much text of a group stands at one key, about. */
const PART_LENGTH = 64 * 1024;

/** A group as it is written: what stands at its key, and its parts where that is too much. */
export interface WrittenLog {
  readonly group: Buffer;
  readonly parts: readonly Buffer[];
}

/** Writes a group in slices of time. */
export async function writeLog(
  group: LogGroup,
  commits: readonly LogCommit[],
  attempt: number,
): Promise<WrittenLog> {
  const parts = await writeParts(commits);
  const [only = '[]'] = parts;
  const written: WrittenGroup = {
    ...group,
    attempt,
    parts: parts.length > 1 ? parts.length : 0,
    commits: [],
  };
  if (parts.length > 1) return { group: Buffer.from(JSON.stringify(written)), parts: parts.map(toBuffer) };
  // The list is empty, so its place is known.
  const text = JSON.stringify(written).replace(/\[\]\}$/, () => `${only}}`);
  return { group: Buffer.from(text), parts: [] };
}

function toBuffer(text: string): Buffer {
  return Buffer.from(text);
}

/** Lists of commits as JSON; a commit may go on in the next. */
async function writeParts(commits: readonly LogCommit[]): Promise<string[]> {
  const slice = new TimeSlice();
  const parts: string[] = [];
  let written: string[] = [];
  let length = 0;
  for (const commit of commits) {
    let changes: string[] = [];
    const finish = (): void => {
      written.push(writeCommit(commit, changes));
      changes = [];
    };
    for (const change of commit.changes) {
      if (slice.isOver) await slice.next();
      for (const one of writeChange(change)) {
        const text = JSON.stringify(one);
        changes.push(text);
        length += text.length;
        if (length < PART_LENGTH) continue;
        finish();
        parts.push(`[${written.join()}]`);
        written = [];
        length = 0;
      }
    }
    finish();
    length += written.at(-1)?.length ?? 0;
  }
  parts.push(`[${written.join()}]`);
  return parts;
}

function writeCommit(commit: LogCommit, changes: readonly string[]): string {
  const { revision: r, committedAt: t, note: n, count: c, size: s } = commit;
  const header: WrittenCommit = { r, t, ...(n !== undefined && { n }), c, s, x: [] };
  return JSON.stringify(header).replace(/\[\]\}$/, () => `[${changes.join()}]}`);
}
