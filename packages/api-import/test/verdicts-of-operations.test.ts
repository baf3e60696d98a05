import { describe, expect, test } from 'vitest';
import {
  change,
  json,
  linesOf,
  type Outcome,
  object,
  outcomeOf,
  string,
  type Version,
} from './support/operation-pairs.js';

type Pair = readonly [what: string, before: Version, after: Version, outcome: Outcome, line?: string];

const list = { type: 'array', items: string() };
const query = (more: object): Version => ({
  operation: { parameters: [{ name: 'q', in: 'query', schema: list, ...more }] },
});
const responses = (found: Record<string, unknown>): Version => ({ operation: { responses: found } });
const at = (path: string, name: string): Version => ({
  path,
  operation: { parameters: [{ name, in: 'path', required: true, schema: string() }] },
});
const secured = (scheme: object, name = 'Key'): Version => ({
  operation: { security: [{ [name]: [] }] },
  securitySchemes: { [name]: scheme },
});
const apiKey = (location: string, name: string): object => ({ type: 'apiKey', in: location, name });
const connect = (host: string): object => ({
  type: 'openIdConnect',
  openIdConnectUrl: `https://${host}/.well-known/openid-configuration`,
});
const oauth = (tokenUrl: string): object => ({
  type: 'oauth2',
  flows: { clientCredentials: { tokenUrl, scopes: {} } },
});
const body = (mediaType: string): Version => ({
  operation: { requestBody: { required: true, ...json(object({ a: string() }), mediaType) } },
});

const PAIRS: readonly Pair[] = [
  [
    'lists that are no longer written with commas',
    query({ explode: false }),
    query({}),
    'breaks',
    'params.q explode',
  ],
  [
    'lists that are now written with commas',
    query({}),
    query({ explode: false }),
    'breaks',
    'params.q explode',
  ],
  [
    'lists that are no longer written with bars',
    query({ style: 'pipeDelimited' }),
    query({ style: 'form' }),
    'breaks',
    'params.q style',
  ],
  [
    'reserved characters that are no longer allowed',
    query({ allowReserved: true }),
    query({}),
    'breaks',
    'params.q allowReserved is gone',
  ],
  ['reserved characters that are allowed now', query({}), query({ allowReserved: true }), 'compatible'],
  [
    'an empty value that is no longer allowed',
    query({ allowEmptyValue: true }),
    query({}),
    'breaks',
    'params.q allowEmptyValue is gone',
  ],
  ['an empty value that is allowed now', query({}), query({ allowEmptyValue: true }), 'compatible'],
  [
    'a parameter that is no longer written as JSON',
    query({ schema: undefined, content: { 'application/json': { schema: list } } }),
    query({}),
    ...(['breaks', 'params.q content'] as const),
  ],
  [
    'a text that says how a list would be written',
    query({ schema: string(), explode: false }),
    query({ schema: string() }),
    'compatible',
  ],
  [
    'an explode that deepObject implies',
    query({ schema: object({}), style: 'deepObject' }),
    query({ schema: object({}), style: 'deepObject', explode: true }),
    'compatible',
  ],
  [
    'a path parameter of another name',
    at('/users/{id}', 'id'),
    at('/users/{userId}', 'userId'),
    'compatible',
    'path changed from /users/:id to /users/:userId',
  ],
  [
    'a path parameter of another place',
    at('/users/{id}/x', 'id'),
    at('/users/x/{id}', 'id'),
    'breaks',
    'path changed',
  ],
  [
    'a key that moved from a header to the query',
    secured(apiKey('header', 'X-Key')),
    secured(apiKey('query', 'key')),
    'breaks',
    'Key in header x-key is no longer enough',
  ],
  [
    'a scheme of another type',
    secured(apiKey('header', 'X-Key')),
    secured({ type: 'http', scheme: 'bearer' }),
    'breaks',
  ],
  [
    'another authentication scheme',
    secured({ type: 'http', scheme: 'basic' }),
    secured({ type: 'http', scheme: 'bearer' }),
    'breaks',
  ],
  [
    'an authentication scheme in another case',
    secured({ type: 'http', scheme: 'Bearer' }),
    secured({ type: 'http', scheme: 'bearer' }),
    'compatible',
  ],
  ['an OpenID provider of another address', secured(connect('a.test')), secured(connect('b.test')), 'breaks'],
  [
    'a token of another address',
    secured(oauth('https://a.test')),
    secured(oauth('https://b.test')),
    'breaks',
  ],
  [
    'a scheme of another name',
    secured(apiKey('header', 'X-Key')),
    secured(apiKey('header', 'X-Key'), 'ApiKey'),
    'compatible',
  ],
  [
    'a default that a status took the place of',
    responses({ default: json(string()) }),
    responses({ 200: json({ type: 'integer' }) }),
    'breaks',
    'response 200 is now integer, was string',
  ],
  [
    'a default that a status of the same body took the place of',
    responses({ default: json(string()) }),
    responses({ 200: json(string()) }),
    'compatible',
  ],
  [
    'a range that one of its statuses took the place of',
    responses({ '2XX': json(string()) }),
    responses({ 200: json(string()) }),
    'compatible',
  ],
  [
    'a status that its range took the place of',
    responses({ 200: json(string()) }),
    responses({ '2XX': json(string()) }),
    'compatible',
  ],
  [
    'another body in the status of a range',
    responses({ '2XX': json(string()) }),
    responses({ 200: json({ type: 'integer' }) }),
    'breaks',
  ],
  [
    'a new success beside a default for errors',
    responses({ 200: json(string()), default: json(object({})) }),
    responses({ 200: json(string()), 201: json({ type: 'integer' }), default: json(object({})) }),
    'compatible',
  ],
  [
    'a body of an error',
    responses({ 200: json(string()), 404: json(object({ code: string() })) }),
    responses({ 200: json(string()), 404: json(object({})) }),
    'compatible',
    'response 404.code is gone',
  ],
  [
    'a media type in another case',
    responses({ 200: json(string()) }),
    responses({ 200: json(string(), 'Application/JSON') }),
    'compatible',
  ],
  [
    'a media type with a charset',
    responses({ 200: json(string()) }),
    responses({ 200: json(string(), 'application/json; charset=utf-8') }),
    'compatible',
  ],
  ['a request that may be of any media type', body('application/json'), body('*/*'), 'compatible'],
  [
    'a request that may be of any media type of a kind',
    body('application/json'),
    body('application/*'),
    'compatible',
  ],
  ['a request that may no longer be of any media type', body('*/*'), body('application/json'), 'breaks'],
];

describe('an operation in another version', () => {
  const pairs = PAIRS.map(([what, before, after, outcome, line = '']) => ({
    what,
    before,
    after,
    outcome,
    line,
  }));
  test.each(pairs)('$what', async ({ before, after, outcome, line }) => {
    const changed = await change(before, after);
    const found = outcomeOf(changed);
    expect(outcome === 'compatible' && found === 'unchanged' ? 'compatible' : found).toBe(outcome);
    expect(linesOf(changed).join('\n')).toContain(line);
  });

  test('breaks by the body of an error if that is wanted', async () => {
    const before = responses({ 200: json(string()), 404: json(object({ code: string() })) });
    const after = responses({ 200: json(string()), 404: json(object({})) });
    const changed = await change(before, after, { strictErrors: true });
    expect(linesOf(changed)).toEqual(['! response 404.code is gone']);
  });

  test('breaks by a named schema of an error only if a success has it, too', async () => {
    const shared = { $ref: '#/components/schemas/Shared' };
    const version = (success: object, properties: Record<string, unknown>): Version => ({
      ...responses({ 200: json(success), 404: json(shared) }),
      schemas: { Shared: object(properties) },
    });
    const error = await change(version(string(), { a: string() }), version(string(), {}));
    expect(linesOf(error)).toEqual(['response Shared.a is gone']);
    const both = await change(version(shared, { a: string() }), version(shared, {}));
    expect(linesOf(both)).toEqual(['! response Shared.a is gone']);
  });
});
