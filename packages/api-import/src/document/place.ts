/**
 * A place in a document, from the root: `paths./users.get.parameters[0]`; in another file that the
 * document refers to, `./models/user.yaml#properties.name`.
 */
export function joinPlace(place: string, name: string | number): string {
  if (typeof name === 'number') return `${place}[${name}]`;
  return place === '' || isRootOfFile(place) ? `${place}${name}` : `${place}.${name}`;
}

/** The file that a place is in: `./models/user.yaml`, or empty for the document itself. */
export function fileOfPlace(place: string): string {
  return place.startsWith('./') ? place.slice(0, place.indexOf('#')) : '';
}

/** The root of a file that {@link fileOfPlace} gave. */
export function rootOfFile(file: string): string {
  return file === '' ? '' : `${file}#`;
}

function isRootOfFile(place: string): boolean {
  return place.endsWith('#') && place.startsWith('./') && place.indexOf('#') === place.length - 1;
}
