import { type TracingChannelSubscribers, tracingChannel } from 'node:diagnostics_channel';
import type { StorageMessages } from '@gati-framework/manifest-store';
import { onTestFinished } from 'vitest';

type Event = keyof TracingChannelSubscribers<object>;

/** What a channel has told: the message itself, which may be filled in later. */
export interface Told<M> {
  readonly event: Event;
  readonly message: M;
}

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

/** Listens on a tracing channel until the test ends. */
export function listenTo<N extends keyof StorageMessages>(name: N): Told<StorageMessages[N]>[] {
  const told: Told<StorageMessages[N]>[] = [];
  const channel = tracingChannel<string, StorageMessages[N]>(name);
  const subscribers = Object.fromEntries(
    EVENTS.map((event) => [event, (message: StorageMessages[N]) => void told.push({ event, message })]),
  ) as unknown as TracingChannelSubscribers<StorageMessages[N]>;
  channel.subscribe(subscribers);
  onTestFinished(() => void channel.unsubscribe(subscribers));
  return told;
}

/** The messages, in the order in which their work was done. */
export function doneOf<M extends { duration?: number }>(told: readonly Told<M>[]): M[] {
  return [
    ...new Set(told.filter(({ message }) => message.duration !== undefined).map(({ message }) => message)),
  ];
}
