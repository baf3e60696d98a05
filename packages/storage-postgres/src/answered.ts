/** The feed keeps no process alive; whoever waits for it does. */
export async function answered<T>(waiting: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, 60_000);
  try {
    return await waiting;
  } finally {
    clearInterval(timer);
  }
}
