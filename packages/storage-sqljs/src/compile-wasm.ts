import { StorageError } from '@gati-framework/manifest-store';
import { readWasm } from '#platform';
import type { DriverOptions } from './options.js';

/** The WebAssembly file of sql.js, compiled. */
export async function compileWasm({
  locateFile,
  wasmBinary,
  wasmModule,
}: DriverOptions): Promise<WebAssembly.Module> {
  if (wasmModule !== undefined) return wasmModule;
  const content = wasmBinary ?? (await readWasm(locateFile).catch(throwNotFound));
  try {
    return await WebAssembly.compile(content as BufferSource);
  } catch (cause) {
    throw notCompiled(cause);
  }
}

function throwNotFound(cause: unknown): never {
  throw new StorageError(
    'STORAGE_DRIVER_MISSING',
    `The WebAssembly file of sql.js cannot be loaded: ${messageOf(cause)}. Say where it is with the option locateFile, or ` +
      'give its content as wasmBinary.',
    { cause },
  );
}

function notCompiled(cause: unknown): StorageError {
  const message = messageOf(cause);
  return new StorageError(
    'STORAGE_DRIVER_MISSING',
    `The WebAssembly file of sql.js cannot be compiled: ${message}. ${remedyFor(message)}`,
    { cause },
  );
}

/** Each browser and runtime has its own words. */
function remedyFor(message: string): string {
  if (/unsafe-eval|content.security.policy|\bcsp\b/i.test(message)) {
    return "Let the page's Content-Security-Policy allow it: script-src 'wasm-unsafe-eval'.";
  }
  if (/disallowed by embedder/i.test(message)) {
    return 'This runtime compiles only what is deployed: import the file as a module, and give it as the option wasmModule.';
  }
  return 'What was given or found is another file, or a page that says that it is not there. Check locateFile or wasmBinary.';
}

function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
}
