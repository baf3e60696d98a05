import type { StudioStore } from './studio-context.js';

/** Options of a command by their names; those that are `undefined` or `false` are left out, and a list is given one by one. */
export type CommandOptions = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/**
 * The line of a POSIX shell that runs `gati-storage` so. The store is named where its URL is known, without any password: who
 * runs it has that in the environment.
 */
export function commandLine(
  { url }: Pick<StudioStore, 'url'>,
  words: readonly string[],
  options: CommandOptions = {},
): string {
  const given = Object.entries(options).flatMap(([name, value]) => optionWords(name, value));
  const store = url === undefined ? [] : ['--store', url];
  const [command = '', ...others] = words;
  // Behind --, an id that begins with a dash is no option.
  const line = others.some((word) => word.startsWith('-'))
    ? ['gati-storage', command, ...given, ...store, '--', ...others]
    : ['gati-storage', command, ...others, ...given, ...store];
  return line.map(quoted).join(' ');
}

function optionWords(name: string, value: CommandOptions[string]): string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [`--${name}`];
  // In one word with its option, a value that begins with a dash is no option, and of a list none takes what stands behind it.
  if (typeof value === 'object') return value.map((one) => `--${name}=${one}`);
  const text = String(value);
  return text.startsWith('-') || text === '' ? [`--${name}=${text}`] : [`--${name}`, text];
}

/** A word as a shell reads it again; signs that would change what is seen are written as escapes. */
function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = word.replace(/[\\']/g, '\\$&').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, bytesOf);
  return `$'${escaped}'`;
}

function bytesOf(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
