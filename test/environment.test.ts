import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const packages = new URL('../packages/', import.meta.url);

/** What only Node.js ever loads. */
const NODE_ONLY = /^(files|shared-file)\/|^platform\/node\.js$/;

function sourcesOf(name: string, isWanted = (_file: string): boolean => true): string {
  const folder = new URL(`${name}/dist/`, packages);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.js') && isWanted(file),
  );
  expect(files.length).toBeGreaterThan(0);
  const sources = files.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
  return sources.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''); // comments may speak of anything
}

test.each(['manifest-store', 'runtime', 'storage-kit', 'storage-sqlite', 'storage-sqljs'])(
  '%s runs outside Node.js: it imports nothing of it and does not touch its globals',
  (name) => {
    const sources = sourcesOf(name, (file) => !NODE_ONLY.test(file));
    expect(sources).not.toMatch(/files\/|shared-file\/|platform\/node/);
    expect(sources).not.toMatch(/from ['"]node:|import\(['"]node:|require\(/);
    expect(sources).not.toMatch(/\b(process|Buffer|__dirname)\./);
  },
);

test('the manifest store depends on nothing', () => {
  const manifest = JSON.parse(readFileSync(new URL('manifest-store/package.json', packages), 'utf8'));
  for (const field of ['dependencies', 'peerDependencies', 'optionalDependencies']) {
    expect(manifest[field]).toBeUndefined();
  }
  expect(sourcesOf('manifest-store')).not.toMatch(/from ['"][^.]/);
});

test.each([
  ['manifest-store', []],
  ['runtime', ['manifest-store']],
  ['storage-kit', ['manifest-store']],
  ['storage-sqlite', ['manifest-store', 'storage-kit']],
  ['storage-sqljs', ['manifest-store', 'storage-kit', 'storage-sqlite']],
  ['storage-better-sqlite3', ['manifest-store', 'storage-kit', 'storage-sqlite']],
  ['storage-postgres', ['manifest-store', 'storage-kit']],
  ['storage-etcd', ['manifest-store', 'storage-kit']],
  ['storage-testkit', ['manifest-store']],
])('arrows only go down: %s knows only %j of us', (name, allowed) => {
  const imports = [...sourcesOf(name).matchAll(/from '@gati-framework\/([^/']+)/g)].map((match) => match[1]);
  expect(
    [...new Set(imports)].filter((imported) => !(allowed as string[]).includes(imported as string)),
  ).toEqual([]);
});
