/**
 * What moves, hides or turns round the text beside it: control characters, marks of direction, spaces without width,
 * tags, and halves of characters. A name in a store must not look like another one. What makes a picture of a sign may stay.
 */
const HIDDEN = /(?!\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufffe\uffff]/gu;

/** A piece of a text: as it is, or one character that cannot be seen as it is. */
export type TextPiece = { readonly text: string } | { readonly hidden: string };

/** The pieces of a text, in order. `keep` are characters that may stay what they are, such as the ends of lines. */
export function textPieces(text: string, keep = ''): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const { 0: char, index } of text.matchAll(HIDDEN)) {
    if (keep.includes(char)) continue;
    if (index > from) pieces.push({ text: text.slice(from, index) });
    pieces.push({ hidden: codePointName(char) });
    from = index + char.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** The same as one text, for attributes and titles. */
export function visibleText(text: string): string {
  return textPieces(text)
    .map((piece) => ('text' in piece ? piece.text : `[${piece.hidden}]`))
    .join('');
}

function codePointName(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
