import { handlerLog } from '@gati-framework/storage-tools/history';
import * as v from 'valibot';
import { type CommitView, LIMITS } from '../api/index.js';
import { commandLine } from '../command-line.js';
import { commitView } from '../views/commit-view.js';
import type { Endpoint } from './endpoint.js';
import { count, limit, name } from './input.js';

const DEFAULT_LIMIT = 50;

export const commits: Endpoint<'commits'> = {
  from: 'query',
  input: v.strictObject({
    before: v.exactOptional(count),
    after: v.exactOptional(count),
    handler: v.exactOptional(name),
    limit: v.exactOptional(limit),
  }),
  async answer({ store }, query, { signal }) {
    const { handler, limit: wanted = DEFAULT_LIMIT, ...range } = query;
    const { revision } = await store.storage.stats();
    const options = { ...range, reverse: true, limit: wanted + 1, maxChanges: LIMITS.listed };
    const log =
      handler === undefined ? store.storage.log(options) : handlerLog(store.storage, handler, options);
    const found: CommitView[] = [];
    for await (const entry of log) {
      signal.throwIfAborted();
      found.push(commitView(entry));
    }
    const items = found.slice(0, wanted);
    const next = found.length > wanted ? items.at(-1)?.revision : undefined;
    return {
      revision,
      command: commandLine(store, handler === undefined ? ['log'] : ['log', handler], {
        ...range,
        limit: wanted,
      }),
      items,
      ...(next !== undefined && { next }),
    };
  },
};
