/** Keys that are easily taken for one another, or for something else than a key. All valid, all different. */
export const nastyKeys: readonly string[] = [
  'a',
  'A',
  ' a',
  'a ',
  'a\u200b', // zero-width space
  '\ufeffa', // byte order mark
  'a\u00ad', // soft hyphen: invisible, and ignored by collations
  '\u00e9', // é as one code point
  'e\u0301', // é as two
  '\u00df',
  'SS',
  'ss',
  'i',
  'I',
  '\u0130', // capital I with a dot
  '\u0131', // small i without one
  '\ufb01', // the ligature fi
  'fi',
  '\uff41', // full-width a
  '\u{1f600}', // beyond the basic plane
  '\u{1d4b3}',
  '\ud7ff', // just below the surrogates, and just above
  '\ue000',
  '\uffff',
  '1',
  '01',
  '1.0',
  '1e0',
  '+1',
  '\u0661', // Arabic digit one
  '0',
  '-0',
  'null',
  'undefined',
  'NaN',
  'true',
  '[object Object]',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'length',
  'then',
  'toJSON',
  'a:b',
  'a/b',
  'a|b',
  'a,b',
  'a.b',
  'a%',
  'a_',
  '%',
  '_',
  '*',
  '?',
  '[a]',
  '..',
  '../a',
  '/',
  '\\',
  '\\0',
  '"',
  "'",
  "''",
  '`',
  '""',
  '$1',
  '?1',
  ':a',
  '@a',
  "'; DROP TABLE manifests; --",
  "a' OR '1'='1",
  'a"; DELETE FROM gtypes; --',
  '$&',
  '{}',
  '[]',
  '\t',
  '\n',
  '\r\n',
  '\u0001',
  '\u001f',
  '\u007f',
  '\u2028',
  ' ',
];

/** What implementations join the parts of a key with. */
export const separators: readonly string[] = [
  ...['', ':', '::', '/', '//', '|', '||', ',', ', ', '.', '..', '-', '--', '->', '_', '__', '@', '#', '$'],
  ...['%', '&', '=', '+', '~', '!', ';', ' ', '\t', '\n', '\\', '"', "'", '","', "','", '\u0001', '\u001f'],
  ...['\u001e', '\u2028', '\u{1f511}', ')(', '][', '%3A', '%2F', '\\0', 'a'],
];

/** Keys that are exactly as long as a key may be: 512 bytes of UTF-8. */
export const longestKeys: readonly string[] = [
  'x'.repeat(512),
  `${'x'.repeat(511)}y`,
  `y${'x'.repeat(511)}`,
  '\u00e9'.repeat(256),
  `xx${'\u20ac'.repeat(170)}`,
  '\u{1d4b3}'.repeat(128),
];

/** Values that are no key, with what is wrong with each. */
export const badKeys: Readonly<Record<string, unknown>> = {
  empty: '',
  NUL: '\0',
  'a NUL inside': 'a\0b',
  'a lone high surrogate': 'a\ud800',
  'a lone low surrogate': '\udc00a',
  'swapped surrogates': '\udc00\ud800',
  '513 bytes': 'x'.repeat(513),
  '513 bytes of three-byte characters': '\u20ac'.repeat(171),
  '516 bytes of four-byte characters': '\u{1d4b3}'.repeat(129),
  'a million characters': 'x'.repeat(1_000_000),
  null: null,
  undefined: undefined,
  zero: 0,
  'a number': 1,
  NaN: Number.NaN,
  'a boolean': true,
  'a bigint': 1n,
  'an object': {},
  'an array': ['a'],
  'an object that looks like a string': { toString: () => 'a' },
  'a String object': Object('a'),
  'a symbol': Symbol('a'),
  'a function': () => 'a',
};
