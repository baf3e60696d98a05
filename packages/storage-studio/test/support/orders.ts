import type {
  Change,
  GType,
  HandlerManifest,
  HookManifest,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
} from '@gati-framework/manifest-store';

/** What no API description has: hooks, policies, transformers and deployments, of one handler in six versions. */
export const ORDERS = 'orders.create';

const VERSIONS = ['1.0.0', '1.1.0', '2.0.0', '2.0.1', '2.1.0', '3.0.0'] as const;
const PARENTS: Readonly<Record<string, string>> = {
  '1.1.0': '1.0.0',
  '2.0.0': '1.1.0',
  '2.0.1': '2.0.0',
  '2.1.0': '2.0.0',
  '3.0.0': '2.1.0',
};
const STATUSES: Readonly<Record<string, TimescapeMetadata['deployment']['status']>> = {
  '1.0.0': 'decommissioned',
  '1.1.0': 'decommissioned',
  '2.0.0': 'draining',
  '2.0.1': 'draining',
  '2.1.0': 'active',
  '3.0.0': 'pending',
};

const DAY = 24 * 60 * 60 * 1000;
const FIRST = Date.UTC(2026, 0, 5, 9, 30);

export function ordersChanges(): Change[] {
  return [
    ...gtypes().map((value): Change => ({ put: 'gtype', value })),
    ...VERSIONS.map((version): Change => ({ put: 'manifest', value: manifest(version) })),
    { put: 'versionGraph', value: graph() },
    { put: 'hookManifest', value: HOOKS },
    ...transformers().map((value): Change => ({ put: 'transformer', value })),
    ...VERSIONS.map((version): Change => ({ put: 'timescapeMetadata', value: timescape(version) })),
  ];
}

function deployedAt(version: string): number {
  return FIRST + VERSIONS.indexOf(version as (typeof VERSIONS)[number]) * 9 * DAY;
}

function manifest(version: string): HandlerManifest {
  return {
    handlerId: ORDERS,
    version,
    path: version === '3.0.0' ? '/v3/orders' : '/orders',
    method: 'POST',
    gtypes: { request: 'OrderDraft', response: 'Order' },
    hooks: { before: ['auth.session', 'audit.begin'], after: ['audit.end'], catch: ['errors.report'] },
    timescapeVersion: `tsv:${version}`,
    policies: { roles: ['customer', 'support'], rateLimit: { limit: 1200, window: 60_000 } },
    dependencies: { modules: ['stripe', 'postgres'], plugins: ['geoip'] },
    hash: `sha256:${version}`,
    createdAt: deployedAt(version),
  };
}

function graph(): VersionGraph {
  return {
    handlerId: ORDERS,
    currentVersion: '2.1.0',
    latestVersion: '3.0.0',
    versions: VERSIONS.map((version) => ({
      version,
      manifestHash: `sha256:${version}`,
      deployedAt: deployedAt(version),
      active: !version.startsWith('1'),
      breaking: version === '2.0.0' || version === '3.0.0',
      ...(PARENTS[version] === undefined ? {} : { parent: PARENTS[version] }),
      ...(version === '1.1.0' ? { transformers: [{ to: '2.0.0', transformerId: 'orders.1to2' }] } : {}),
      ...(version === '2.1.0' ? { transformers: [{ to: '3.0.0', transformerId: 'orders.2to3' }] } : {}),
    })),
  };
}

const HOOKS: HookManifest = {
  handlerId: ORDERS,
  version: '1',
  createdAt: FIRST,
  hooks: [
    {
      id: 'auth.session',
      type: 'before',
      level: 'global',
      isAsync: true,
      timeout: 500,
      retries: 1,
      sourceLocation: { file: 'src/hooks/auth.ts', line: 12, column: 3 },
    },
    { id: 'audit.begin', type: 'before', level: 'handler', isAsync: false },
    { id: 'audit.end', type: 'after', level: 'handler', isAsync: true },
  ],
};

function transformers(): Transformer[] {
  const base = { handlerId: ORDERS, direction: 'forward', hash: 'h', createdAt: FIRST } as const;
  return [
    {
      ...base,
      id: 'orders.1to2',
      fromVersion: '1.1.0',
      toVersion: '2.0.0',
      transformations: [
        { path: 'lines[].price', type: 'transform', details: { to: 'Money', currency: 'EUR' } },
        { path: 'customerId', type: 'rename', details: { to: 'customer.id' } },
      ],
    },
    {
      ...base,
      id: 'orders.2to3',
      fromVersion: '2.1.0',
      toVersion: '3.0.0',
      transformations: [{ path: 'coupon', type: 'remove', details: {} }],
    },
  ];
}

function timescape(version: string): TimescapeMetadata {
  return {
    handlerId: ORDERS,
    version,
    fingerprint: `fp-${version}`,
    compatibility: {
      compatible: version === '2.1.0' ? ['2.0.0', '2.0.1'] : [],
      incompatible: version === '3.0.0' ? ['1.0.0'] : [],
      transformable: version === '2.0.0' ? ['1.1.0'] : [],
    },
    deployment: {
      strategy: 'canary',
      rolloutPercentage: version === '3.0.0' ? 5 : version === '2.1.0' ? 95 : 0,
      status: STATUSES[version] ?? 'pending',
    },
    ...(version === '2.1.0'
      ? { metrics: { requestCount: 1_284_311, errorRate: 0.0021, avgLatency: 18.4, lastUpdated: FIRST } }
      : {}),
  };
}

function gtypes(): GType[] {
  const text = (ref: string, more: Partial<GType> = {}): GType => ({
    ref,
    kind: 'primitive',
    primitiveType: 'string',
    ...more,
  });
  const number = (ref: string, more: Partial<GType> = {}): GType => ({
    ...text(ref, more),
    primitiveType: 'number',
  });
  const stored = (ref: string): GType => ({ ref, kind: 'object' });
  const lines = (ref: string) => ({
    type: { ref, kind: 'array', items: stored('OrderLine') } as const,
    optional: false,
  });
  return [
    {
      ref: 'Money',
      kind: 'object',
      properties: {
        amount: {
          type: number('Money.amount', { validators: [{ type: 'min', value: 0 }] }),
          optional: false,
          description: 'In the smallest unit of the currency.',
        },
        currency: {
          type: text('Money.currency', { validators: [{ type: 'pattern', value: '^[A-Z]{3}$' }] }),
          optional: false,
        },
      },
    },
    {
      ref: 'OrderLine',
      kind: 'object',
      properties: {
        sku: { type: text('OrderLine.sku'), optional: false },
        price: { type: stored('Money'), optional: false },
      },
    },
    {
      ref: 'OrderDraft',
      kind: 'object',
      properties: {
        lines: lines('OrderDraft.lines'),
        coupon: { type: text('OrderDraft.coupon'), optional: true },
      },
    },
    {
      ref: 'Order',
      kind: 'object',
      properties: {
        id: { type: text('Order.id'), optional: false },
        status: {
          type: text('Order.status', { validators: [{ type: 'enum', value: ['open', 'paid', 'shipped'] }] }),
          optional: false,
        },
        total: { type: stored('Money'), optional: false },
        lines: lines('Order.lines'),
      },
    },
  ];
}
