import { readableJson, readableJsonLine } from '@gati-framework/storage-tools';
import { type CutText, type JsonText, LIMITS, type Text } from '../api/index.js';

/** A text for an answer; of what is no text, its JSON. */
export function textOf(value: unknown): Text {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : readableJsonLine(value);
  return text.length <= LIMITS.text ? text : cutText(text);
}

/** The texts of what should be a list of them, or one. */
export function textsOf(value: unknown): Text[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value.slice(0, LIMITS.listed) : [value]).map(textOf);
}

/** JSON for an answer, all of it where `limit` is left out. */
export function jsonTextOf(value: unknown, limit: number = LIMITS.json): JsonText {
  const json = readableJson(value);
  return { text: beginningOf(json, limit), length: json.length };
}

function cutText(text: string): CutText {
  return { cut: beginningOf(text, LIMITS.text), length: text.length };
}

/** Does not cut a character in two. */
function beginningOf(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const isPair = /[\ud800-\udbff]/.test(text[limit - 1] ?? '');
  return text.slice(0, isPair ? limit - 1 : limit);
}
