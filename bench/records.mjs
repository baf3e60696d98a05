// Records of the size and shape that a real application's handlers have.
export function manifest(handler, version) {
  return {
    handlerId: `orders.handler-${handler}`,
    version: `1.${version}.0`,
    path: `/api/v1/orders/${handler}/:id`,
    method: 'GET',
    gtypes: {
      request: `OrderRequest${handler}`,
      response: `OrderResponse${handler}`,
      params: `OrderParams${handler}`,
    },
    hooks: { before: ['authenticate', 'rate-limit'], after: ['audit'] },
    timescapeVersion: `ts-${handler}-${version}`,
    policies: { roles: ['admin', 'support'], rateLimit: { limit: 100, window: 60_000 } },
    dependencies: { modules: ['database', 'mailer'] },
    hash: `sha256-${handler}-${version}-0123456789abcdef0123456789abcdef`,
    createdAt: 1_760_000_000_000 + version,
  };
}

export function transformer(pair, index) {
  return {
    id: `transformer-${pair}-${index}`,
    handlerId: `orders.handler-${pair}`,
    fromVersion: '1.0.0',
    toVersion: '1.1.0',
    direction: 'forward',
    transformations: [{ path: 'total', type: 'rename', details: { to: 'amount' } }],
    hash: `hash-${pair}`,
    createdAt: 1_760_000_000_000,
  };
}

/** The same sequence of numbers below `limit` in every run. */
export function shuffled(limit, count) {
  let state = 12_345;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  });
}
