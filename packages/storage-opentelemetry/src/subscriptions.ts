import { type TracingChannelSubscribers, tracingChannel } from 'node:diagnostics_channel';
import type { StorageMessage, StorageMessages } from '@gati-framework/manifest-store';

/** What is done with the messages of a channel. */
export interface MessageHandler<M extends StorageMessage> {
  /** In the asynchronous context of whoever called the storage. */
  started?(message: M): void;
  /** Once for each message, when nothing more will be told of it. */
  done(message: M): void;
}

/** Listens on a channel of storages until what is returned is called. */
export function listen<N extends keyof StorageMessages>(
  name: N,
  { started, done }: MessageHandler<StorageMessages[N]>,
): () => void {
  const channel = tracingChannel<string, StorageMessages[N]>(name);
  // Only the last event of a message finds how long it took: `end` where nothing was waited for, else `asyncEnd`.
  const doneOrNot = (message: StorageMessages[N]): void => {
    if (message.duration !== undefined) done(message);
  };
  const ignore = (): void => {};
  const subscribers: TracingChannelSubscribers<StorageMessages[N]> = {
    start: (message) => started?.(message),
    end: doneOrNot,
    asyncStart: ignore,
    asyncEnd: doneOrNot,
    error: ignore,
  };
  channel.subscribe(subscribers);
  return () => void channel.unsubscribe(subscribers);
}
