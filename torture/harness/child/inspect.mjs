import { entriesOf, eventForm, performOperation } from '../operations.mjs';
import { report } from './report.mjs';

/** Of the log without values, so many commits are compared with it. */
const COMPARED = 100;

/** Tells all that a store holds: the commits after a revision, and the content. */
export async function inspect(storage, after, tell = report) {
  const { revision, counts } = await performOperation(storage, { type: 'stats' });
  const events = [];
  if (revision > after) {
    for await (const event of storage.watch({ after })) {
      events.push(event);
      tell({ event: eventForm(event) });
      if (event.revision >= revision) break;
    }
  }
  await compareLog(storage, events.slice(-COMPARED));
  tell({ content: { revision, counts, entries: await entriesOf(storage, {}) } });
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
