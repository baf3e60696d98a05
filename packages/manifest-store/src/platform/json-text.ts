/**
 * The JSON text of plain data: as `JSON.stringify` writes it, whatever `toJSON`
 * others have given to Array.prototype or Object.prototype.
 */
export function jsonText(value: unknown): string {
  return 'toJSON' in Array.prototype ? write(value) : JSON.stringify(value);
}

function write(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const fields = Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}:${write(part)}`);
  return `{${fields.join(',')}}`;
}
