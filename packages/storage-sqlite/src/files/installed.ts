import type { createRequire } from 'node:module';

type Require = ReturnType<typeof createRequire>;

/**
 * Uses what is installed, at run time and unseen by bundlers: a driver with a
 * binary or a WebAssembly file beside it cannot be part of a bundle.
 *
 * @param importer `import.meta.url` of the package that needs it; absent in bundles of CommonJS, false in others.
 * @throws What looking beside the importer threw, when looking elsewhere does not help either.
 */
export function fromInstalled<T>(importer: string | undefined, use: (require: Require) => T): T {
  // Imported, it would be replaced by webpack, which thinks that it knows what is required.
  const { createRequire } = process.getBuiltinModule('node:module');
  const errors: unknown[] = [];
  for (const place of [() => importer, placeOfBundle, workingDirectory]) {
    try {
      const path = place();
      if (path !== undefined) return use(createRequire(path));
    } catch (error) {
      errors.push(error);
    }
  }
  throw errors[0];
}

/** Where a bundle of CommonJS lies, which has this name although it is one of modules here. */
function placeOfBundle(): string | undefined {
  return typeof __filename === 'string' ? __filename : undefined;
}

function workingDirectory(): string {
  return `${process.cwd()}/`;
}
