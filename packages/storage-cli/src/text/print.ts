import { TimeSlice } from '@gati-framework/manifest-store/backend';
import type { Terminal } from '../terminal.js';

const slice = new TimeSlice();

/**
 * A line to standard output, once there is room for it: whoever reads may be slow, and memory is not to grow meanwhile. What
 * ends a command is heard between two of many lines.
 */
export async function print(terminal: Pick<Terminal, 'write'>, text: string): Promise<void> {
  await terminal.write(Buffer.from(`${text}\n`));
  if (slice.isOver) await slice.next();
}
