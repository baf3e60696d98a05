import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError } from '@gati-framework/manifest-store';
import { statIfThere } from './if-there.js';

/**
 * Refuses a file that alone is mounted, as into a container: what lies beside
 * it would be left behind there, with commits that are not in the file yet.
 *
 * @throws `STORAGE_UNAVAILABLE`
 */
export function assertNotMountedAlone(filename: string): void {
  if (!isMountPoint(filename)) return;
  throw new StorageError(
    'STORAGE_UNAVAILABLE',
    `${filename} is mounted here without its folder, and the newest commits are kept beside it, where they would be ` +
      'lost with the container. Mount its folder instead, or open it with readOnly: true.',
  );
}

function isMountPoint(filename: string): boolean {
  const mounts = readMounts();
  if (mounts !== undefined) return mounts.includes(filename);
  // Not where the system tells: there, files of one folder may be on several devices (overlayfs).
  const file = process.platform === 'linux' ? undefined : statIfThere(filename);
  return file !== undefined && file.dev !== statSync(dirname(filename)).dev;
}

/** Where something is mounted, as this process sees it. */
function readMounts(): string[] | undefined {
  try {
    // `36 35 98:0 /root /mount/point rw,noatime ...`, with blanks and backslashes in octal.
    return readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => (line.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, code) => fromOctal(code)));
  } catch {
    return undefined;
  }
}

function fromOctal(code: string): string {
  return String.fromCharCode(Number.parseInt(code, 8));
}
