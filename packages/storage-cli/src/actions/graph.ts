import type { TimescapeMetadata, VersionGraph } from '@gati-framework/manifest-store';
import type { PastStorage } from '@gati-framework/storage-tools/history';
import type { Terminal } from '../terminal.js';
import { asJson } from '../text/json.js';
import { printable } from '../text/printable.js';
import { unknownHandler } from './unknown-record.js';
import { type StoreToRead, withStorageAt } from './with-storage.js';
import { writeText } from './write-text.js';

export interface GraphCommandOptions extends StoreToRead {
  readonly mermaid?: boolean;
  readonly svg?: boolean;
  readonly json?: boolean;
  /** File that is written in place of standard output. */
  readonly output?: string;
}

export async function graphCommand(
  terminal: Terminal,
  handlerId: string,
  { store, at, output, ...form }: GraphCommandOptions,
): Promise<void> {
  await withStorageAt({ store, ...(at !== undefined && { at }) }, terminal, async (storage) => {
    const graph = await storage.getVersionGraph(handlerId);
    if (graph === undefined) throw await unknownHandler(storage, handlerId);
    const text = await draw(storage, graph, form);
    if (output === undefined) terminal.out(text);
    else await writeText(output, `${text}\n`);
  });
}

async function draw(
  storage: PastStorage,
  graph: VersionGraph,
  { json, svg, mermaid }: Pick<GraphCommandOptions, 'json' | 'svg' | 'mermaid'>,
): Promise<string> {
  if (json === true) return asJson(graph);
  if (svg === true) {
    const { graphAsSvg } = await import('@gati-framework/storage-tools/graph-svg');
    return graphAsSvg(graph, { timescape: await timescapeOf(storage, graph.handlerId) }).trimEnd();
  }
  const { graphAsMermaid, graphAsText } = await import('@gati-framework/storage-tools/graph');
  // Names come from the store, and may hold what a terminal would obey.
  return mermaid === true ? graphAsMermaid(graph) : graphAsText(graph).split('\n').map(printable).join('\n');
}

async function timescapeOf(storage: PastStorage, handlerId: string): Promise<readonly TimescapeMetadata[]> {
  const found: TimescapeMetadata[] = [];
  for await (const entry of storage.entries({ kinds: ['timescapeMetadata'], handlerId }))
    if (entry.kind === 'timescapeMetadata') found.push(entry.value);
  return found;
}
