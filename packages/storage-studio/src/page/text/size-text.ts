const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** How many bytes, for people: `5.0 MiB`. */
export function sizeText(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${UNITS[step]}`;
}
