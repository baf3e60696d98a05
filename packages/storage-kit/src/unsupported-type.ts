/** Types of devalue's format that every runtime has, or that it builds from those. */
const EVERYWHERE = new Set(['ArrayBuffer', 'BigInt', 'Date', 'Map', 'Object', 'Set', 'null']);

/**
 * The type that keeps this runtime from reviving a text in devalue's format: a
 * class that it does not have or a pattern that it does not understand, because
 * a newer one wrote it. `undefined` when it is something else.
 */
export function unsupportedType(text: string): string | undefined {
  for (const value of valuesOf(text)) {
    if (!Array.isArray(value) || typeof value[0] !== 'string') continue;
    const [type, source, flags] = value as [string, string, string?];
    if (type === 'RegExp' && !isPattern(source, flags)) return `RegExp /${source}/${flags ?? ''}`;
    // Temporal.Instant and the like are fields of one global object.
    if (!EVERYWHERE.has(type) && !((type.split('.')[0] as string) in globalThis)) return type;
  }
  return undefined;
}

function valuesOf(text: string): readonly unknown[] {
  try {
    const values: unknown = JSON.parse(text);
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}

function isPattern(source: string, flags: string | undefined): boolean {
  try {
    new RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
}
