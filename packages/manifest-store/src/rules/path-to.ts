/** A place in a record, the way code would reach it: `manifest.list[0]`. */
export function pathTo(root: string, names: readonly (string | number)[]): string {
  let path = root;
  for (const name of names) {
    if (typeof name === 'number') path += `[${name}]`;
    else
      path += /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  }
  return path;
}
