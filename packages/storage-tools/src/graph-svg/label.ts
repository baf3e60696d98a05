import stringWidth from 'string-width';

/** Columns after which a line of a label is cut; its whole text is told when a pointer rests on it. */
const LONGEST = 36;

/**
 * What XML cannot hold, what moves or hides what stands beside it, and halves of characters: names of a store
 * must not look like something else.
 */
const UNSHOWN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not get into the picture
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\uffff]|\p{Surrogate}/gu;

/** Any text as it can stand in XML, in an element or in an attribute, and be seen as what it is. */
export function asXmlText(text: string): string {
  return text
    .replace(UNSHOWN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** The text if it is short enough, else its beginning; no character is cut in two. */
export function cutLabel(text: string): string {
  if (stringWidth(text) <= LONGEST) return text;
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(cut + segment) >= LONGEST) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** Pixels that a line takes at most in any usual font of which all characters have one width. */
export function labelWidth(text: string): number {
  return Math.ceil(stringWidth(text.replace(UNSHOWN, '\\u0000'), { countAnsiEscapeCodes: true }) * 7.5);
}
