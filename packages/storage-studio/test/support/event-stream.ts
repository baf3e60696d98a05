import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { onTestFinished } from 'vitest';
import { EVENTS_PATH } from '../../src/api/index.js';
import type { ServedStudio } from './studio.js';

export interface SentEvent {
  readonly event: string;
  readonly id: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  readonly data: any;
}

export interface EventStream {
  /** The next event, when it comes; `undefined` when the server has ended the stream. */
  next(): Promise<SentEvent | undefined>;
  readonly response: IncomingMessage;
}

/** The commits as the server tells them. Resolves when it has begun, with what comes after that. */
export async function follow(
  { studio, token }: ServedStudio,
  { after, lastEventId }: { readonly after?: number; readonly lastEventId?: number } = {},
): Promise<EventStream> {
  const sent = request({
    host: '127.0.0.1',
    port: studio.port,
    path: `${EVENTS_PATH}${after === undefined ? '' : `?after=${after}`}`,
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { 'last-event-id': String(lastEventId) }),
    },
  });
  onTestFinished(() => void sent.destroy());
  sent.on('error', () => {}); // of a stream that the test or the server ends
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const events = eventsOf(response);
  return { response, next: async () => (await events.next()).value };
}

async function* eventsOf(response: IncomingMessage): AsyncGenerator<SentEvent, undefined> {
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      const event = fields.get('event');
      if (event !== undefined)
        yield { event, id: fields.get('id'), data: JSON.parse(fields.get('data') ?? '') };
    }
  }
  return undefined;
}
