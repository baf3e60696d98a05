import type { Terminal } from '../terminal.js';

/** A line to standard output, once there is room for it: whoever reads may be slow, and memory is not to grow meanwhile. */
export async function print(terminal: Pick<Terminal, 'write'>, text: string): Promise<void> {
  await terminal.write(Buffer.from(`${text}\n`));
}
