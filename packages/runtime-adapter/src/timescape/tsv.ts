import type { VersionNode } from '@gati-framework/manifest-store';
import type { TSV } from '@gati-framework/runtime/timescape/types';

const TSV_FORM = /^tsv:(\d+)-.+-\d+$/;

export function isTsv(text: string): text is TSV {
  return TSV_FORM.test(text);
}

/**
 * What the runtime calls a version: a version that is named so keeps its name, and any other gets one made of its
 * handler, its name and when it was deployed, which is the same in every process.
 */
export function tsvOf(
  handlerId: string,
  { version, deployedAt }: Pick<VersionNode, 'version' | 'deployedAt'>,
): TSV {
  if (isTsv(version)) return version;
  const seconds = Math.max(0, Math.floor(deployedAt / 1000)) || 0;
  const name = `${plain(handlerId)}_${plain(version)}`;
  return `tsv:${seconds}-${name}-${digest(`${handlerId}\0${version}`)}`;
}

/** Seconds since the epoch, as the runtime writes and compares them; 0 where it names none. */
export function timeOf(tsv: TSV): number {
  return Number(TSV_FORM.exec(tsv)?.[1] ?? 0);
}

/** Milliseconds since the epoch. Some write milliseconds into a name that has seconds by right. */
export function momentOf(tsv: TSV): number {
  const time = timeOf(tsv);
  return time < 1e11 ? time * 1000 : time;
}

/** The runtime takes letters, digits, `_` and `-` for the name in the middle. */
function plain(text: string): string {
  return text.replace(/[^a-zA-Z0-9_-]/g, '-');
}

/** Tells names apart that look the same without their other signs (FNV-1a, 32 bits). */
function digest(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
