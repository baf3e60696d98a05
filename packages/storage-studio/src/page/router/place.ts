/** A place in the page: what stands in the address behind `#`. */
export interface Place {
  /** The parts of the path, decoded: `['handlers', 'users.get']`. */
  readonly path: readonly string[];
  readonly params: Readonly<Record<string, string>>;
}

/** Reads what stands behind `#`. Whatever it is, it is some place: addresses are typed and cut by people. */
export function readPlace(fragment: string): Place {
  const text = fragment.replace(/^#/, '');
  const end = text.indexOf('?');
  const path = (end < 0 ? text : text.slice(0, end)).split('/').filter((part) => part !== '');
  const params = new URLSearchParams(end < 0 ? '' : text.slice(end + 1));
  return { path: path.map(decode), params: Object.fromEntries(params) };
}

/** The address of a place, to be put behind `#`. Parameters that are empty are left out. */
export function writePlace(
  path: readonly string[],
  params: Readonly<Record<string, string | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== '') query.set(name, value);
  const text = query.toString();
  return `#/${path.map(encode).join('/')}${text === '' ? '' : `?${text}`}`;
}

/** Slashes of an id stay one part of the path; what people read most often stays readable. */
function encode(part: string): string {
  return encodeURIComponent(part).replace(/%(3A|40|2C|24)/g, decodeURIComponent);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
