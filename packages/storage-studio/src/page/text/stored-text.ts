import type { CutText, Text } from '../../api/common.js';

/** As much of a text as was sent. */
export function sentText(text: Text): string {
  return isCut(text) ? text.cut : text;
}

export function isCut(text: Text): text is CutText {
  return typeof text !== 'string';
}

/** The name of something in lists and labels: texts that are equal have equal names. */
export function nameOf(text: Text): string {
  return isCut(text) ? `${text.cut} ${text.length}` : text;
}
