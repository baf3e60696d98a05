import { optionRules } from '@gati-framework/manifest-store/backend';

const time = optionRules.time(1);

/** How long to try to reach a server, in milliseconds; undefined: as its backend has it. */
export function readTimeout(value: unknown, path: string): number | undefined {
  return value === undefined ? undefined : time(value, path);
}
