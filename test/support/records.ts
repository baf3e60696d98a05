import type { GType, HandlerManifest } from '@gati-framework/manifest-store';

export function manifest(handlerId: string, version: string, hash = 'h'): HandlerManifest {
  return {
    handlerId,
    version,
    path: '/x',
    method: 'GET',
    gtypes: { request: 'A', response: 'B' },
    hooks: { before: [], after: [] },
    timescapeVersion: '1',
    policies: {},
    dependencies: { modules: [] },
    hash,
    createdAt: 1,
  };
}

export function gtype(ref: string, description = ''): GType {
  return { ref, kind: 'object', description };
}
