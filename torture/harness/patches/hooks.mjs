// The same as in `register.mjs`, for Node.js 20, which runs hooks in a thread of their own.
import { patchSource } from './patch.mjs';

let patches = [];

export function initialize(given) {
  patches = given;
}

export async function load(url, context, next) {
  return patchSource(patches, url, await next(url, context));
}
