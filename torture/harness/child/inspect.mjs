import { entriesOf, eventForm, performOperation } from '../operations.mjs';
import { report } from './report.mjs';

/** Of the log without values, so many commits are compared with it. */
const COMPARED = 100;

/**
 * Tells all that a store holds: the commits after a revision, and the content. What somebody had sent to a server before he was killed
 * may still come while it is looked at: the content that is told is that of the last commit that is told.
 */
export async function inspect(storage, after, tell = report) {
  const events = [];
  for (;;) {
    const { revision, counts } = await performOperation(storage, { type: 'stats' });
    await tellCommits(storage, { after: events.at(-1)?.revision ?? after, revision, events, tell });
    const entries = await entriesOf(storage, {});
    const isLast = (await performOperation(storage, { type: 'stats' })).revision === revision;
    if (!isLast) continue;
    await compareLog(storage, events.slice(-COMPARED));
    tell({ content: { revision, counts, entries } });
    return;
  }
}

async function tellCommits(storage, { after, revision, events, tell }) {
  if (revision <= after) return;
  for await (const event of storage.watch({ after })) {
    events.push(event);
    tell({ event: eventForm(event) });
    if (event.revision >= revision) return;
  }
}

/** What is told without values is the same story. */
async function compareLog(storage, events) {
  const [first] = events;
  if (first === undefined) return;
  const told = new Map(events.map((event) => [event.revision, event]));
  for await (const { revision, note, changeCount } of storage.log({ after: first.revision - 1 })) {
    const event = told.get(revision);
    if (event === undefined) continue; // it came afterwards
    told.delete(revision);
    if (event.note !== note || event.changes.length !== changeCount)
      throw new Error(`log() tells of revision ${revision} what watch() does not`);
  }
  if (told.size > 0) throw new Error(`log() leaves out revision ${[...told.keys()][0]}`);
}
