import { expect, test } from 'vitest';
import { cutText, lengthText } from '../../src/page/text/cut-text.js';
import { textPieces, visibleText } from '../../src/page/text/hidden-characters.js';

test('characters that turn round or hide what stands beside them are named', () => {
  expect(visibleText('user\u202etxt.exe')).toBe('user[U+202E]txt.exe');
  expect(visibleText('a\u0000b\u200bc\ufeff')).toBe('a[U+0000]b[U+200B]c[U+FEFF]');
  expect(visibleText('\u{e0041}tag')).toBe('[U+E0041]tag');
  expect(visibleText('half \ud83d')).toBe('half [U+D83D]');
});

test('texts of any script and emoji stay what they are', () => {
  for (const text of ['Grüße', 'ユーザー', 'مستخدم', '👍 done', '<b>&amp;</b>'])
    expect(visibleText(text)).toBe(text);
});

test('a text that may have lines keeps them', () => {
  expect(textPieces('a\nb\tc\u0007', '\n\t')).toEqual([{ text: 'a\nb\tc' }, { hidden: 'U+0007' }]);
});

test('no character is cut in two', () => {
  expect(cutText('ab👍', 3)).toBe('ab');
  expect(cutText('ab👍', 4)).toBe('ab👍');
  expect(lengthText(5 * 1024 * 1024)).toBe('5.0 MiB');
});
