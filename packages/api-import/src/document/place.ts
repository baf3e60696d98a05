/** A place in a document, from the root: `paths./users.get.parameters[0]`. */
export function joinPlace(place: string, name: string | number): string {
  if (typeof name === 'number') return `${place}[${name}]`;
  return place === '' ? name : `${place}.${name}`;
}
