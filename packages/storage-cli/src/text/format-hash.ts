/** What a line says of a hash at its end: nothing of a record without one, which a store takes as well. */
export function formatHash(hash: string | undefined): string {
  return hash === undefined ? '' : `, hash ${hash}`;
}
