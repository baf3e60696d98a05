import { timers } from '@gati-framework/manifest-store/backend';
/** The feed keeps no process alive; whoever waits for it does. */
export async function answered<T>(waiting: Promise<T>): Promise<T> {
  const timer = timers.setInterval(() => {}, 60_000);
  try {
    return await waiting;
  } finally {
    timers.clearInterval(timer);
  }
}
