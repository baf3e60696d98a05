/** Modules that only a bundler or another runtime has, and the files of a reader. */
declare module '*.wasm?url' {
  const url: string;
  export default url;
}
declare module 'bun:test' {
  export function describe(name: string, run: () => void): void;
  export function it(name: string, run: () => Promise<void> | void): void;
}
