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

/**
 * A file as it is with the patches of it. Throws when the code has changed so that one of them fits no more.
 *
 * @param {readonly Patch[]} patches @param {string} file @returns {string}
 */
export function patchedFile(patches, file) {
  const url = new URL(file, PACKAGES);
  return patchSource(patches, url.href, { source: readFileSync(url, 'utf8') }).source;
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
