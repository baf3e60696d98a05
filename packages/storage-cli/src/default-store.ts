import type { Terminal } from './terminal.js';

/** Needs no native build, so it works wherever npm does. */
export const DEFAULT_STORE = 'sqljs:./gati.db';

/** The store of a command without `--store`. */
export function defaultStore({ env }: Pick<Terminal, 'env'>): string {
  const { GATI_STORAGE: url } = env;
  return url === undefined || url === '' ? DEFAULT_STORE : url;
}
