import { hash } from 'node:crypto';

/** Stands for a text in the memory of 16 characters: of 128 bits, so that two are never taken for one. */
export function shortDigest(text: string): string {
  return hash('sha256', text, 'buffer').toString('latin1', 0, 16);
}
