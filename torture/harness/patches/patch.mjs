import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Patch
 * @property {string} file Below `packages/`, as it was built: `storage-kit/dist/cache/read-cache.js`.
 * @property {string} find Stands there once.
 * @property {string} replace
 */

const PACKAGES = new URL('../../../packages/', import.meta.url);

/** @param {readonly Patch[]} patches What is loaded as the module at `url`, with what is to be replaced in it. */
export function patchSource(patches, url, loaded) {
  const own = patches.filter(({ file }) => url === new URL(file, PACKAGES).href);
  if (own.length === 0) return loaded;
  return { ...loaded, source: own.reduce(applyPatch, String(loaded.source)) };
}

/** @param {Patch} patch */
function applyPatch(source, { file, find, replace }) {
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times, and not once: ${find}`);
  return parts.join(replace);
}

/** Throws when the code has changed so that a patch fits no more. @param {Patch} patch */
export function assertFits(patch) {
  applyPatch(readFileSync(new URL(patch.file, PACKAGES), 'utf8'), patch);
}

/**
 * How a process is started whose code is patched.
 *
 * @param {readonly Patch[]} patches
 * @param {object} [launch] With patches of its own, which come first.
 */
export function launchWith(patches, launch = {}) {
  const before = JSON.parse(launch.env?.GATI_TORTURE_PATCHES ?? '[]');
  return {
    ...launch,
    nodeOptions: ['--import', new URL('./register.mjs', import.meta.url).href],
    env: { ...launch.env, GATI_TORTURE_PATCHES: JSON.stringify([...before, ...patches]) },
  };
}
