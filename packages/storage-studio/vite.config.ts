import { join } from 'node:path';
import { defineConfig, type UserConfig } from 'vite';

/** The page as a few files. */
const config: UserConfig = defineConfig({
  root: join(import.meta.dirname, 'src/page'),
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../page',
    emptyOutDir: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // All of it is a few files: what asks for them early would be larger than what it saves.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});

export default config;
