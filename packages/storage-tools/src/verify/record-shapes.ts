import type { RecordKind } from '@gati-framework/manifest-store';
import * as v from 'valibot';

const text = v.string();
const texts = v.array(text);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const time = v.pipe(v.number(), v.finite());

const manifest = v.looseObject({
  handlerId: text,
  version: text,
  path: text,
  method: v.union([text, texts]),
  gtypes: v.looseObject({
    request: text,
    response: text,
    params: v.optional(text),
    headers: v.optional(text),
  }),
  hooks: v.looseObject({ before: texts, after: texts, catch: v.optional(texts) }),
  timescapeVersion: text,
  policies: v.looseObject({
    roles: v.optional(texts),
    rateLimit: v.optional(v.looseObject({ limit: v.number(), window: v.number() })),
  }),
  dependencies: v.looseObject({ modules: texts, plugins: v.optional(texts) }),
  hash: text,
  createdAt: time,
});

const hookManifest = v.looseObject({
  handlerId: text,
  version: text,
  createdAt: time,
  hooks: v.array(
    v.looseObject({
      id: text,
      type: v.picklist(['before', 'after', 'catch']),
      level: v.picklist(['global', 'handler', 'request']),
      isAsync: v.boolean(),
      timeout: v.optional(v.number()),
      retries: v.optional(v.number()),
      sourceLocation: v.optional(v.looseObject({ file: text, line: v.number(), column: v.number() })),
    }),
  ),
});

// Types hold types, 200 deep at most: what may be stored at all.
const gtype: v.GenericSchema = v.looseObject({
  ref: text,
  kind: v.picklist(['object', 'array', 'primitive', 'union', 'intersection']),
  properties: v.optional(
    v.record(
      text,
      v.looseObject({ type: v.lazy(() => gtype), optional: v.boolean(), description: v.optional(text) }),
    ),
  ),
  items: v.optional(v.lazy(() => gtype)),
  types: v.optional(v.array(v.lazy(() => gtype))),
  primitiveType: v.optional(v.picklist(['string', 'number', 'boolean', 'null'])),
  required: v.optional(texts),
  validators: v.optional(
    v.array(
      v.looseObject({
        type: v.picklist(['min', 'max', 'pattern', 'enum', 'custom']),
        message: v.optional(text),
      }),
    ),
  ),
  description: v.optional(text),
});

const transformer = v.looseObject({
  id: text,
  handlerId: text,
  fromVersion: text,
  toVersion: text,
  direction: v.picklist(['forward', 'backward']),
  transformations: v.array(
    v.looseObject({ path: text, type: v.picklist(['rename', 'remove', 'add', 'transform']) }),
  ),
  hash: text,
  createdAt: time,
});

const versionGraph = v.looseObject({
  handlerId: text,
  currentVersion: text,
  latestVersion: text,
  versions: v.array(
    v.looseObject({
      version: text,
      manifestHash: text,
      deployedAt: v.number(),
      active: v.boolean(),
      parent: v.optional(text),
      breaking: v.boolean(),
      transformers: v.optional(v.array(v.looseObject({ to: text, transformerId: text }))),
    }),
  ),
  tags: v.optional(
    v.array(v.looseObject({ label: text, version: text, createdAt: v.number(), createdBy: text })),
  ),
});

const timescapeMetadata = v.looseObject({
  handlerId: text,
  version: text,
  fingerprint: text,
  compatibility: v.looseObject({ compatible: texts, incompatible: texts, transformable: texts }),
  deployment: v.looseObject({
    strategy: v.picklist(['blue-green', 'canary', 'rolling']),
    rolloutPercentage: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
    status: v.picklist(['pending', 'active', 'draining', 'decommissioned']),
  }),
  metrics: v.optional(
    v.looseObject({
      requestCount: count,
      errorRate: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
      avgLatency: v.number(),
      lastUpdated: v.number(),
    }),
  ),
});

const SHAPES: { readonly [K in RecordKind]: v.GenericSchema } = {
  manifest,
  hookManifest,
  gtype,
  transformer,
  versionGraph,
  timescapeMetadata,
};

export interface ShapeFault {
  /** e.g. `hooks.before[0]`. */
  readonly path: string;
  /** e.g. `Expected string but received 7`. */
  readonly fault: string;
}

/**
 * Where a record is not of the type that its kind has. Storages check keys and
 * times only; the rest is the framework's, and TypeScript's where there is any.
 */
export function shapeFaults(kind: RecordKind, value: unknown): readonly ShapeFault[] {
  const { issues = [] } = v.safeParse(SHAPES[kind], value);
  return issues.map(({ path = [], message }) => ({
    path: path
      .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
      .join('')
      .replace(/^\./, ''),
    fault: message.replace(/^Invalid \w+: /, ''),
  }));
}
