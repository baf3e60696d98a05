import { TimeSlice, timers } from '@gati-framework/manifest-store/backend';
import { expect, test } from 'vitest';

function workFor(milliseconds: number): void {
  const end = timers.now() + milliseconds;
  while (timers.now() < end);
}

test('a slice is over when its time is, and not before', () => {
  expect(new TimeSlice(60_000).isOver).toBe(false);
  const slice = new TimeSlice(2);
  workFor(3);
  expect(slice.isOver).toBe(true);
});

test('the next slice begins in a later turn of the event loop, and is as long as the first', async () => {
  const slice = new TimeSlice(500);
  workFor(501);
  const order: string[] = [];
  setImmediate(() => order.push('turn of others'));
  const began = timers.now();
  await slice.next();
  order.push('slice');
  expect(order).toEqual(['turn of others', 'slice']);
  // Where the machine itself slept for so long, the slice is rightly over.
  if (timers.now() - began < 500) expect(slice.isOver).toBe(false);
});
