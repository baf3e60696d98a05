import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { agoText, isDate, timeText } from '../text/time-text.js';

/** Moves on once in a while, so that "just now" does not stay. */
const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 30_000);

/** When something was: how long ago, and exactly for who wants to know. */
export function TimeAgo({ time }: { readonly time: number | undefined }): VNode {
  if (time === undefined || !isDate(time)) return <span class="muted">no date</span>;
  const known = Math.max(now.value, Date.now());
  return (
    <time dateTime={new Date(time).toISOString()} title={timeText(time)}>
      {agoText(time, known)}
    </time>
  );
}
