import { configDefaults, defineConfig } from 'vitest/config';
import quick from './vitest.quick.config.js';

/** What `npm run check` runs on a current Node.js as well: better-sqlite3 here has the binary of another one. */
export default defineConfig({
  test: {
    ...quick.test,
    include: [
      'packages/{manifest-store,storage-kit,storage-sqlite,storage-testkit,api-import,runtime-adapter}/test/**/*.test.ts',
      'packages/storage-sqljs/test/{driver,options,query,translate-error}.test.ts',
    ],
    exclude: [
      ...(quick.test?.exclude ?? configDefaults.exclude),
      'packages/storage-sqlite/test/small-host.test.ts',
    ],
  },
});
