import { expect, test } from 'vitest';
import { readEvents, type StreamEvent } from '../../src/page/server/event-stream.js';

/** A stream that hands out its bytes in pieces of a size. */
function inPieces(text: string, size: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text);
  let from = 0;
  return new ReadableStream({
    pull(controller) {
      if (from >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(from, from + size));
      from += size;
    },
  });
}

const STREAM =
  ': welcome\n\nid: 41\nevent: commit\ndata: {"note":\ndata: "Größe"}\n\n: still here\n\r\nevent: compacted\r\ndata:{}\r\n\r\nid: 43\ndata: cut off';

test.each([1, 7, 1000])('events are the same when their bytes come in pieces of %i', async (size) => {
  const events: StreamEvent[] = [];
  for await (const event of readEvents(inPieces(STREAM, size))) events.push(event);
  expect(events).toEqual([
    { id: '41', type: 'commit', data: '{"note":\n"Größe"}' },
    { id: '', type: 'compacted', data: '{}' },
  ]);
});

test('whoever stops reading lets go of the stream', async () => {
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
    cancel: () => {
      isCancelled = true;
    },
  });
  for await (const { data } of readEvents(endless)) {
    expect(data).toBe('1');
    break;
  }
  expect(isCancelled).toBe(true);
});
