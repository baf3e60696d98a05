import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);

// The slash asks for the package of that name, not for the module of Node.js.
const assertPackage = require.resolve('assert/');

const GLOBALS = 'node-globals';

const MODULES: Readonly<Record<string, string>> = {
  [GLOBALS]: `
    globalThis.process ??= { env: {} };
    globalThis.global ??= globalThis;
    globalThis.setImmediate ??= (work) => setTimeout(work, 0);
  `,
  'node:assert/strict': `
    import '${GLOBALS}';
    import assert from ${JSON.stringify(assertPackage)};
    export default assert.strict;
  `,
  // Another realm is another frame; a worker has no other.
  'node:vm': `
    export function runInNewContext(code) {
      if (!('document' in globalThis)) return (0, eval)(code);
      const frame = document.body.appendChild(document.createElement('iframe'));
      return frame.contentWindow.eval(code);
    }
  `,
};

/** What the conformance suite uses of Node.js, for browsers. */
export function nodeStandIns(): Plugin {
  return {
    name: 'node-stand-ins',
    enforce: 'pre',
    resolveId: (id) => (id in MODULES ? `\0${id}` : undefined),
    load: (id) => MODULES[id.slice(1)],
  };
}
