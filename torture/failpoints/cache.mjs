/** Of whoever keeps answers of a server. @type {readonly import('./index.mjs').Failpoint[]} */
export const cacheFailpoints = [
  {
    name: 'before the cache is told of a commit',
    file: 'storage-kit/dist/commit/commit-queue.js',
    after: 'isTold = true;',
  },
  {
    name: 'before an answer is kept',
    file: 'storage-kit/dist/cache/read-cache.js',
    before: 'place[question] = answer;',
  },
];
