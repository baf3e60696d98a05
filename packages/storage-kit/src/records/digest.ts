/**
 * FNV-1a over pairs of UTF-16 code units, 32 bits. Any change of a single pair
 * changes it, and it runs wherever JavaScript does at a nanosecond a unit or
 * so; it guards against damage, not against an attacker.
 */
export function digestOf(text: string): number {
  const { length } = text;
  let hash = 0x811c9dc5 ^ length;
  let i = 0;
  for (; i + 1 < length; i += 2) {
    hash = Math.imul(hash ^ (text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16)), 0x01000193);
  }
  if (i < length) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
