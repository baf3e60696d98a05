import type { VersionGraph } from '@gati-framework/manifest-store';
import { graphAsMermaid, graphAsText } from '@gati-framework/storage-tools/graph';
import type { Terminal } from '../terminal.js';
import { asJson } from '../text/json.js';
import { printable } from '../text/printable.js';
import { unknownHandler } from './unknown-record.js';
import { withStorage } from './with-storage.js';

export interface GraphCommandOptions {
  readonly store: string;
  readonly mermaid?: boolean;
  readonly json?: boolean;
}

export async function graphCommand(
  terminal: Terminal,
  handlerId: string,
  { store, mermaid, json }: GraphCommandOptions,
): Promise<void> {
  await withStorage(store, { readOnly: true }, terminal.signal, async (storage) => {
    const graph = await storage.getVersionGraph(handlerId);
    if (graph === undefined) throw await unknownHandler(storage, handlerId);
    if (json === true) terminal.out(asJson(graph));
    else terminal.out(mermaid === true ? graphAsMermaid(graph) : linesOf(graph));
  });
}

/** Names come from the store, and may hold what a terminal would obey. */
function linesOf(graph: VersionGraph): string {
  return graphAsText(graph).split('\n').map(printable).join('\n');
}
