import { RECORD_KIND_NAMES, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { Terminal } from '../terminal.js';
import { figurePairs } from '../text/format-figures.js';
import { formatPairs } from '../text/format-pairs.js';
import { asJson } from '../text/json.js';
import { withStorage } from './with-storage.js';

export interface StatsCommandOptions {
  readonly store: string;
  readonly json?: boolean;
}

/** How many records of each kind a store holds, how far its history reaches, and how it does. */
export async function statsCommand(terminal: Terminal, { store, json }: StatsCommandOptions): Promise<void> {
  await withStorage(store, { readOnly: true }, terminal, async (storage) => {
    const stats = await storage.stats();
    if (json === true) return terminal.out(asJson(stats));
    terminal.out(
      formatPairs([
        ...RECORD_KIND_NAMES.map((kind) => [kind, stats[RECORD_KINDS[kind].count]] as const),
        ['revision', stats.revision],
        ['oldest revision', stats.oldestRevision],
        ...figurePairs(stats),
      ]),
    );
  });
}
