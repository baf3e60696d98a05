import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Revision, StorageError, type StorageEvent } from '@gati-framework/manifest-store';
import * as v from 'valibot';
import { count } from '../answers/input.js';
import type { StudioEvent } from '../api/index.js';
import { LIMITS } from '../api/index.js';
import type { StudioContext } from '../studio-context.js';
import { commitView } from '../views/commit-view.js';
import { checkInput, readQuery } from './read-input.js';

/** Milliseconds between comments, which show that a connection is still there. */
const HEARTBEAT = 15_000;

const input = v.strictObject({ after: v.exactOptional(count) });

/** Tells every commit as server-sent events, at the pace of who reads them, until nobody does or the store cannot be followed. */
export async function streamEvents(
  { store, live }: StudioContext,
  request: IncomingMessage,
  response: ServerResponse,
  parameters: URLSearchParams,
  signal: AbortSignal,
): Promise<void> {
  const { after } = checkInput(input, readQuery(parameters));
  const from = lastEventId(request) ?? after ?? (await store.storage.stats()).revision;
  const events = store.storage.watch({ after: from, signal, onUnreadable: () => {} });
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.write(`: commits after ${from}\n\n`);
  const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT);
  try {
    for await (const event of events) {
      // Whoever asks for a list because of it gets one that has it.
      await live.reached(event.revision, signal);
      await send(response, commitEvent(event), signal, event.revision);
    }
  } catch (error) {
    if (!signal.aborted) await send(response, lastEvent(error), signal);
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

function lastEventId({ headers }: IncomingMessage): Revision | undefined {
  const given = headers['last-event-id'];
  return given === undefined || given === '' ? undefined : checkInput(count, given);
}

function commitEvent({ changes, ...event }: StorageEvent): StudioEvent {
  const listed = changes.slice(0, LIMITS.listed);
  return { type: 'commit', ...commitView({ ...event, changeCount: changes.length, changes: listed }) };
}

function lastEvent(error: unknown): StudioEvent {
  if (!(error instanceof StorageError))
    return { type: 'failed', message: 'The studio failed. The process that serves it says more.' };
  if (error.code === 'STORAGE_COMPACTED') return { type: 'compacted', current: error.details.current };
  return { type: 'failed', message: error.message };
}

async function send(
  response: ServerResponse,
  { type, ...data }: StudioEvent,
  signal: AbortSignal,
  id?: Revision,
): Promise<void> {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    `event: ${type}`,
    `data: ${JSON.stringify(data)}`,
  ];
  // One that is not read is waited for: the watch holds nothing meanwhile.
  if (!response.write(`${lines.join('\n')}\n\n`)) await once(response, 'drain', { signal });
}
