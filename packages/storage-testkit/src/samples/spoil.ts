/** Tries to change every property and every array in `value`; what is frozen stays as it is. */
export function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, field] of Object.entries(value)) {
    spoil(field);
    attempt(() => {
      Object.assign(value, { [name]: 'spoilt' });
    });
  }
  attempt(() => {
    Object.assign(value, { spoilt: true });
  });
  if (Array.isArray(value)) attempt(() => value.push('spoilt'));
}

/** Writing to a frozen object throws a TypeError in strict mode, which is what it should do. */
function attempt(change: () => void): void {
  try {
    change();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
