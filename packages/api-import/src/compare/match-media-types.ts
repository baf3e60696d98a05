import type { LabelledBody } from './labelled-bodies.js';

export interface MediaTypeMatching {
  readonly matched: readonly [before: LabelledBody, after: LabelledBody][];
  /** Media types as they are written. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/**
 * Which bodies belong together: those of the same media type, in any case and
 * charset, or else of the range (`application/*`) that it is now in.
 */
export function matchMediaTypes(
  before: readonly LabelledBody[],
  after: readonly LabelledBody[],
): MediaTypeMatching {
  const matched: [LabelledBody, LabelledBody][] = [];
  const removed: string[] = [];
  for (const older of before) {
    const wanted = normalise(older.mediaType);
    const newer =
      after.find(({ mediaType }) => normalise(mediaType) === wanted) ??
      after.find(({ mediaType }) => isInRange(wanted, normalise(mediaType)));
    if (newer !== undefined) matched.push([older, newer]);
    else if (older.mediaType !== undefined) removed.push(older.mediaType);
  }
  const known = new Set(before.map(({ mediaType }) => normalise(mediaType)));
  const added = after.flatMap(({ mediaType }) =>
    mediaType === undefined || known.has(normalise(mediaType)) ? [] : [mediaType],
  );
  return { matched, removed, added };
}

function normalise(mediaType: string | undefined): string | undefined {
  if (mediaType === undefined) return undefined;
  const [name = '', ...parameters] = mediaType.split(';').map((part) => part.trim());
  const others = parameters.filter((parameter) => parameter !== '' && !/^charset\s*=/i.test(parameter));
  return [name.toLowerCase(), ...others].join(';');
}

function isInRange(mediaType: string | undefined, range: string | undefined): boolean {
  if (mediaType === undefined || range === undefined) return false;
  return range === '*/*' || (range.endsWith('/*') && mediaType.startsWith(range.slice(0, -1)));
}
