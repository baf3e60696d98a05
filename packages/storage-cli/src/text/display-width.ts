import stringWidth from 'string-width';

/** Columns that a printable text takes in a terminal: two for 漢 and 🚀, none for a combining mark. */
export function displayWidth(text: string): number {
  return stringWidth(text, { countAnsiEscapeCodes: true });
}

const graphemes = new Intl.Segmenter();

/** The text if it takes at most `width` columns, else its beginning with … at the end; no character is cut in two. */
export function cutTo(width: number, text: string): string {
  if (displayWidth(text) <= width) return text;
  let left = width - 1;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    left -= displayWidth(segment);
    if (left < 0) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end)}…`;
}
