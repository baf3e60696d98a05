/** What hostile values throw when they are looked at. Nobody may be shown it, but as the cause of another error. */
export class Hostility extends Error {
  name = 'Hostility';
}

export function refuse() {
  throw new Hostility('no');
}
