import { createHash } from 'node:crypto';

export const GENERATED = '2026-11-26T12:00:00.000Z';

/** A handler as the framework's analyser describes it. */
export function bundleHandler(more: object = {}): object {
  return {
    handlerId: 'users.ts.getUser',
    path: '/users/:id',
    method: 'GET',
    gtypes: { request: 'any', response: 'User' },
    hooks: { before: ['authenticate'], after: [], catch: [] },
    timescapeVersion: 'v1764158400123-0a1b2c3d',
    policies: { roles: ['admin'], rateLimit: { limit: 100, window: 60_000 } },
    dependencies: { modules: ['db'], plugins: [] },
    ...more,
  };
}

export const USER: object = {
  kind: 'object',
  properties: { id: { kind: 'primitive', primitiveType: 'string' } },
  required: ['id'],
};

/** A manifest bundle with the checksum of its content, as text. */
export function bundle(more: object = {}): string {
  const content = {
    version: '1.0.0',
    generated: GENERATED,
    handlers: [bundleHandler()],
    modules: [{ moduleId: 'db', runtime: 'node' }],
    schemas: { User: USER },
    versionGraph: { nodes: [], edges: [] },
    transformers: [],
    metadata: { projectName: 'people' },
    ...more,
  };
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return JSON.stringify({ ...content, checksum: `sha256:${digest}` }, null, 2);
}
