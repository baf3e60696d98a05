import type { RecordKey, RecordKind } from '@gati-framework/manifest-store';
import { keyObject, prepareRecordKey, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import * as v from 'valibot';
import type { Key } from '../api/index.js';
import { type CommandOptions, commandLine } from '../command-line.js';
import { otherStore, pinned } from '../studio-context.js';
import { notFound } from '../studio-error.js';
import { jsonTextOf } from '../views/text.js';
import type { Endpoint } from './endpoint.js';
import { count, flag, kind, name } from './input.js';
import { invalidInput } from './invalid-input.js';

export const record: Endpoint<'record'> = {
  from: 'query',
  input: v.strictObject({
    kind,
    key: name,
    key2: v.exactOptional(name),
    of: v.exactOptional(v.picklist(['this', 'other'])),
    all: v.exactOptional(flag),
    at: v.exactOptional(count),
  }),
  async answer(context, { kind: wanted, key: first, key2, of, all, at }) {
    const store = of === 'other' ? otherStore(context) : context.store;
    const key = keyOf(wanted, first, key2);
    const { storage, revision } = await pinned(store.storage, at);
    const entry = await storage.get({ kind: wanted, key: keyObject(wanted, key) } as RecordKey);
    if (entry === undefined) throw notFound(`${wanted} ${key.join(' ')} at revision ${revision}`);
    const commitOf = of === 'other' ? undefined : await context.commits.of([entry.revision]);
    const [words, options] = COMMANDS[wanted](key);
    return {
      revision,
      command: commandLine(store, words, { ...options, json: true, at }),
      kind: wanted,
      key,
      json: all === true ? jsonTextOf(entry.value, Number.POSITIVE_INFINITY) : jsonTextOf(entry.value),
      commit: commitOf?.(entry.revision) ?? { revision: entry.revision },
    };
  },
};

function keyOf(wanted: RecordKind, first: string, second: string | undefined): Key {
  const isPair = RECORD_KINDS[wanted].keyFields.length === 2;
  if (isPair !== (second !== undefined))
    throw invalidInput(
      'key2',
      isPair ? `is the second field of the key of a ${wanted}` : `is none of a ${wanted}`,
    );
  const key: Key = second === undefined ? [first] : [first, second];
  prepareRecordKey({ kind: wanted, key: keyObject(wanted, key) } as never, 'key');
  return key;
}

const COMMANDS: { readonly [K in RecordKind]: (key: Key) => readonly [string[], CommandOptions] } = {
  manifest: ([id, version = '']) => [['show', id, version], {}],
  hookManifest: ([id]) => [['show', id], { hooks: true }],
  gtype: ([ref]) => [['show'], { gtype: ref }],
  transformer: ([id]) => [['show'], { transformer: id }],
  versionGraph: ([id]) => [['graph', id], {}],
  timescapeMetadata: ([id, version = '']) => [['show', id, version], { timescape: true }],
};
