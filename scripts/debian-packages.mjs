// Programs from Debian's packages, unpacked into the project's temporary space: nothing is installed, and no
// rights of root are needed.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, step } from './setup.mjs';

const folder = `${root}.tmp/debian`;

/** Where packages are unpacked that were asked for under this name, whether or not they are there. */
export const unpackedIn = (name) => join(folder, name);

/**
 * Gets packages from the mirrors that this machine knows, unless they are there.
 *
 * @param {string} name of what they are for together.
 * @param {readonly string[]} packages their dependencies are not gotten.
 */
export async function unpackPackages(name, packages) {
  const place = unpackedIn(name);
  if (existsSync(place)) return;
  mkdirSync(folder, { recursive: true });
  const parts = mkdtempSync(join(folder, 'parts-'));
  try {
    await step(`Getting ${name} from Debian's packages`, 'sh', ['-c', UNPACK, 'sh', parts, ...packages]);
    // At once, so that nobody finds half of it; somebody else may have been faster.
    if (!existsSync(place)) renameSync(join(parts, 'unpacked'), place);
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
}

/** Where apt has no lists of packages, or may not write its own, lists of our own are read. */
const UNPACK = `
set -eu
cd "$1"; shift
mkdir -p lists/partial cache/archives/partial unpacked
own="-o Dir::State::lists=$PWD/lists -o Dir::Cache=$PWD/cache -o Debug::NoLocking=1 -o APT::Sandbox::User="
apt-get -q download "$@" || { apt-get -q $own update && apt-get -q $own download "$@"; }
for archive in *.deb; do dpkg-deb -x "$archive" unpacked; done
`;
