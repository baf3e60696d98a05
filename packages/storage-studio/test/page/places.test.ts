import { expect, test } from 'vitest';
import { readPlace, writePlace } from '../../src/page/router/place.js';

test('an address leads back to what it was made of, whatever ids hold', () => {
  for (const id of ['users.get', 'GET /users/{id}', '..', '.', 'a?b#c&d=e', '100%', 'ünï\u202ecode', '%2F']) {
    const address = writePlace(['handlers', id, '1.0.0'], { q: `${id} & more`, at: '41' });
    expect(readPlace(address)).toEqual({
      path: ['handlers', id, '1.0.0'],
      params: { q: `${id} & more`, at: '41' },
    });
  }
});

test('parameters that are empty are not in an address', () => {
  expect(writePlace([], { q: '', at: undefined })).toBe('#/');
});

test('an address that was cut or mistyped is some place as well', () => {
  expect(readPlace('#/handlers/%E0%A4%A')).toEqual({ path: ['handlers', '%E0%A4%A'], params: {} });
  expect(readPlace('')).toEqual({ path: [], params: {} });
  expect(readPlace('#?at=3')).toEqual({ path: [], params: { at: '3' } });
});
