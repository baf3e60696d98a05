/**
 * Lets a process meet what it seldom meets, before anything of a storage is loaded.
 *
 * @param {{ name: string } | undefined} interference `name` of a module beside this one, which gets the rest.
 */
export async function interfereAs(interference) {
  if (interference === undefined) return;
  const { interfere } = await import(`./${interference.name}.mjs`);
  await interfere(interference);
}
