/** Types of devalue's format that every runtime has, or that it builds from those. */
const EVERYWHERE = new Set(['ArrayBuffer', 'BigInt', 'Date', 'Map', 'Object', 'Set', 'null']);

/**
 * The type that keeps this runtime from reviving a text in devalue's format: a
 * class that it does not have or a pattern that it does not understand, because
 * a newer one wrote it. `undefined` when it is something else.
 */
export function unsupportedType(text: string): string | undefined {
  for (const value of valuesOf(text)) {
    if (!Array.isArray(value)) continue;
    const [type, source, flags]: unknown[] = value;
    if (typeof type !== 'string') continue;
    if (type === 'RegExp' && !isPattern(source, flags)) return `RegExp /${source}/${flags ?? ''}`;
    // Temporal.Instant and the like are fields of one global object.
    const [global = type] = type.split('.');
    if (!EVERYWHERE.has(type) && !(global in globalThis)) return type;
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

function isPattern(source: unknown, flags: unknown): boolean {
  try {
    new RegExp(String(source), flags === undefined ? '' : String(flags));
    return true;
  } catch {
    return false;
  }
}
