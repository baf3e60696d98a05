import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getHeapCodeStatistics } from 'node:v8';

/**
 * What a process holds. Needs `--expose-gc`.
 *
 * @param {string} place Of the store, where that is a file.
 */
export async function measure(place) {
  await collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    'bytes of heap': heapUsed - bytesOfCode(),
    'bytes outside the heap': external,
    'bytes of the process': rss,
    descriptors: readdirSync('/proc/self/fd').length,
    'timers and sockets': process.getActiveResourcesInfo().length,
    ...(place.startsWith('/') && filesAt(dirname(place))),
  };
}

/** What is finalized frees other things, so once is not enough. */
async function collectGarbage() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** With all that belongs to it. V8 goes on compiling for hours what is used now and then: as much as there is of a program, at most. */
function bytesOfCode() {
  const statistics = getHeapCodeStatistics();
  return statistics.code_and_metadata_size + statistics.bytecode_and_metadata_size;
}

function filesAt(folder) {
  const names = readdirSync(folder);
  const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  return { files: names.length, 'bytes of files': bytes };
}
