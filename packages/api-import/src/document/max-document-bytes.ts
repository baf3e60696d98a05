/** Largest document, in bytes of its text. */
export const MAX_DOCUMENT_BYTES: number = 32 * 1024 * 1024;
