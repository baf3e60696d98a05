/** As the user's clock has it, e.g. `2026-03-01 17:04:05 +01:00`. @param milliseconds Since the epoch; a number that is no time is shown as it is. */
export function formatLocalTime(milliseconds: number): string {
  const offset = -new Date(milliseconds).getTimezoneOffset();
  const local = new Date(milliseconds + offset * 60_000);
  if (Number.isNaN(local.getTime())) return String(milliseconds);
  const [date = '', time = ''] = local.toISOString().split('T');
  const minutes = Math.abs(offset);
  const zone = [Math.floor(minutes / 60), minutes % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  return `${date} ${time.slice(0, 8)} ${offset < 0 ? '-' : '+'}${zone}`;
}
