/**
 * Of several servers, the first that a probe finds usable.
 *
 * @param probe Rejects when the server will not do, with the reason.
 * @throws The reason of one of them, when none will: of one that answered, if any did.
 */
export async function chooseServer<S>(
  servers: readonly S[],
  probe: (server: S) => Promise<void>,
): Promise<S> {
  try {
    return await Promise.any(
      servers.map(async (server) => {
        await probe(server);
        return server;
      }),
    );
  } catch (error) {
    const reasons: unknown[] = error instanceof AggregateError ? error.errors : [error];
    throw reasons.find(isOfServer) ?? reasons[0];
  }
}

/** Whether it has an SQLSTATE: what a server says tells more than that nobody answered. */
function isOfServer(reason: unknown): boolean {
  return (
    typeof reason === 'object' &&
    reason !== null &&
    'code' in reason &&
    typeof reason.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(reason.code)
  );
}
