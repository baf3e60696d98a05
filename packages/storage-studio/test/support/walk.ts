/** Every item of a list, part by part; no part may say that the list is longer than it is. */
export async function walk<T>(
  ask: (query: { cursor?: string }) => Promise<{ items: readonly T[]; total: number; next?: string }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const part = await ask(cursor === undefined ? {} : { cursor });
    items.push(...part.items);
    if (items.length > part.total) throw new Error(`${items.length} of ${part.total}`);
    cursor = part.next;
  } while (cursor !== undefined);
  return items;
}
