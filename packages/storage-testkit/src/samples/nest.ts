/** `levels` objects or arrays, one inside the other. */
export function nest(levels: number, container: 'object' | 'array'): unknown {
  let value: unknown = 'innermost';
  for (let i = 0; i < levels; i++) value = container === 'array' ? [value] : { a: value };
  return value;
}
