/**
 * About how much heap values take, in bytes. V8 says it of no object, so these
 * were measured: estimates of whole records are between half and three times of
 * what a heap snapshot shows, and what has the fewest fields in common with
 * other records is the most underestimated.
 */
/** An object or array, empty. */
export const OBJECT_WEIGHT = 32;
export const FIELD_WEIGHT = 32;
export const ELEMENT_WEIGHT = 8;
/** A number that is no small integer lives in an object of its own. */
const BOXED_NUMBER_WEIGHT = 16;
/** A Date, a Map, a typed array: beside its content. */
export const BUILT_IN_WEIGHT = 200;

const STRING_WEIGHT = 24;

export function stringWeight(text: string): number {
  // Two bytes a unit if any unit needs them; the first and the middle one speak for the rest.
  const { length } = text;
  const isWide = length > 0 && (text.charCodeAt(0) > 0xff || text.charCodeAt(length >> 1) > 0xff);
  return STRING_WEIGHT + (isWide ? length * 2 : length);
}

export function numberWeight(value: number): number {
  return (value | 0) === value ? 0 : BOXED_NUMBER_WEIGHT;
}
