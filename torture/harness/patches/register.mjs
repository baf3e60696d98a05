// Loaded before anything else by `node --import`, in a process whose code is to be another one: what GATI_TORTURE_PATCHES
// names is replaced in the modules of the packages as they are loaded. The files themselves stay as they are.
import * as modules from 'node:module';
import { patchSource } from './patch.mjs';

const patches = JSON.parse(process.env.GATI_TORTURE_PATCHES);

if (modules.registerHooks !== undefined) {
  modules.registerHooks({ load: (url, context, next) => patchSource(patches, url, next(url, context)) });
} else {
  modules.register('./hooks.mjs', import.meta.url, { data: patches });
}
