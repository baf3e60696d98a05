import { fileURLToPath } from 'node:url';
import { build, createLogger, type Plugin } from 'vite';
import { withVariable } from './with-variable.js';

/** Bundles the page in a folder beside this file, as a user's project would be, and tells what Vite warned of. */
export async function buildSite(
  name: string,
  outDir: string,
  plugins: readonly Plugin[] = [],
): Promise<string[]> {
  const warnings: string[] = [];
  const customLogger = createLogger('warn');
  customLogger.warn = (message) => warnings.push(message);
  customLogger.warnOnce = customLogger.warn;
  // Only a production build warns of modules of Node.js.
  await withVariable('NODE_ENV', 'production', () =>
    build({
      configFile: false,
      customLogger,
      logLevel: 'warn',
      root: fileURLToPath(new URL(name, import.meta.url)),
      base: './',
      plugins: [...plugins],
      worker: { format: 'es', plugins: () => [...plugins] },
      build: { outDir, emptyOutDir: true },
    }),
  );
  return warnings;
}
