import { configDefaults, defineConfig } from 'vitest/config';
import { settings } from './vitest.config.js';

/** `npm run test:quick`: what answers at once. No servers, children, killed processes, browsers, bundlers or other runtimes. */
export default defineConfig({
  test: {
    ...settings,
    include: [
      'packages/{manifest-store,storage-kit,storage-sqlite,storage-testkit,api-import,runtime-adapter}/test/**/*.test.ts',
      'packages/storage-sqljs/test/{conformance,driver,history,options,query,translate-error}.test.ts',
      'packages/storage-{better-sqlite3,node-sqlite}/test/{load-driver,load-node-sqlite,result-code}.test.ts',
      'test/shared-file/{conformance,history,options,tables,trimming}.test.ts',
      'test/{architecture,links,sqlite-schema,hostile-arguments}.test.ts',
    ],
    exclude: [
      ...configDefaults.exclude,
      'packages/storage-testkit/test/{bindings,broken-backends,slow-backend}.test.ts',
      'packages/api-import/test/{damaged-documents,figma-documents}.test.ts',
      'packages/{manifest-store,storage-kit,runtime-adapter}/test/*-memory.test.ts',
    ],
  },
});
