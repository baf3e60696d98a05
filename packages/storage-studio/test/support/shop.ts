import type { Change, HandlerManifest, TimescapeMetadata } from '@gati-framework/manifest-store';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

function order(version: string, createdAt: number, more: Partial<HandlerManifest> = {}): Change {
  return {
    put: 'manifest',
    value: {
      handlerId: 'orders.get',
      version,
      path: '/shop/orders/:id',
      method: 'GET',
      gtypes: { request: 'OrderQuery', response: `Order@${version}` },
      hooks: { before: ['authenticate'], after: ['audit'] },
      timescapeVersion: version,
      policies: { roles: ['clerk'] },
      dependencies: { modules: ['database'], plugins: ['tracing'] },
      hash: `hash-${version}`,
      createdAt,
      ...more,
    },
  };
}

function deployment(
  version: string,
  status: TimescapeMetadata['deployment']['status'],
  rollout: number,
): Change {
  return {
    put: 'timescapeMetadata',
    value: {
      handlerId: 'orders.get',
      version,
      fingerprint: `print-${version}`,
      compatibility: { compatible: [], incompatible: [], transformable: [] },
      deployment: { strategy: 'canary', status, rolloutPercentage: rollout },
    },
  };
}

const text = (ref: string) => ({ ref, kind: 'primitive', primitiveType: 'string' }) as const;

function graph(versions: readonly string[]): Change {
  return {
    put: 'versionGraph',
    value: {
      handlerId: 'orders.get',
      currentVersion: versions[0] ?? '',
      latestVersion: versions.at(-1) ?? '',
      versions: versions.map((version, i) => ({
        version,
        manifestHash: `hash-${version}`,
        deployedAt: START + i * DAY,
        active: true,
        breaking: i > 0,
        ...(i > 0 && { parent: versions[i - 1] as string }),
        ...(i === 0 &&
          versions.length > 1 && { transformers: [{ to: '2.0.0', transformerId: 'orders-1-2' }] }),
      })),
    },
  };
}

/** An application with everything that an API description has not: hooks, roles, transformers, rollout. */
export const FIRST_DEPLOYMENT: readonly Change[] = [
  {
    put: 'gtype',
    value: {
      ref: 'Customer',
      kind: 'object',
      properties: {
        email: { type: text('Customer.email'), optional: false },
        // A type that reaches itself.
        recommendedBy: { type: { ref: 'Customer', kind: 'object' }, optional: true },
      },
      required: ['email'],
    },
  },
  { put: 'gtype', value: { ref: 'OrderQuery', kind: 'object', properties: {} } },
  {
    put: 'gtype',
    value: {
      ref: 'Order@1.0.0',
      kind: 'object',
      properties: {
        customer: { type: { ref: 'Customer', kind: 'object' }, optional: false },
        total: { type: text('Order.total'), optional: false },
      },
    },
  },
  order('1.0.0', START),
  {
    put: 'hookManifest',
    value: {
      handlerId: 'orders.get',
      version: '1',
      createdAt: START,
      hooks: [
        {
          id: 'authenticate',
          type: 'before',
          level: 'global',
          isAsync: true,
          timeout: 500,
          sourceLocation: { file: 'src/hooks/auth.ts', line: 12, column: 3 },
        },
      ],
    },
  },
  graph(['1.0.0']),
  deployment('1.0.0', 'active', 100),
];

export const SECOND_DEPLOYMENT: readonly Change[] = [
  {
    put: 'gtype',
    value: {
      ref: 'Order@2.0.0',
      kind: 'object',
      properties: { customer: { type: { ref: 'Customer', kind: 'object' }, optional: false } },
    },
  },
  order('2.0.0', START + DAY, { policies: { roles: ['clerk', 'auditor'] } }),
  {
    put: 'transformer',
    value: {
      id: 'orders-1-2',
      handlerId: 'orders.get',
      fromVersion: '1.0.0',
      toVersion: '2.0.0',
      direction: 'forward',
      transformations: [{ path: 'total', type: 'remove', details: {} }],
      hash: 't',
      createdAt: START + DAY,
    },
  },
  graph(['1.0.0', '2.0.0']),
  deployment('1.0.0', 'decommissioned', 0),
  deployment('2.0.0', 'active', 25),
];
