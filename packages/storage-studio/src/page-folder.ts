import { fileURLToPath } from 'node:url';

/** Where the page was built to. */
export const PAGE_FOLDER: string = fileURLToPath(new URL('../page/', import.meta.url));
