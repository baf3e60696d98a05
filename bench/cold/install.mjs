import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack, publishedPackages, unpack } from '../../scripts/pack.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A user's project with the packages as they are published. Yields the paths of `answer.mjs` in it and of the command. */
export async function install(folder) {
  const modules = join(folder, 'node_modules');
  const scope = join(modules, '@gati-framework');
  mkdirSync(scope, { recursive: true });
  for (const name of readdirSync(`${root}node_modules`)) {
    if (name !== '@gati-framework' && !name.startsWith('.'))
      symlinkSync(`${root}node_modules/${name}`, join(modules, name));
  }
  const tarballs = mkdtempSync(join(folder, 'tarballs-'));
  for (const [name, tarball] of await pack(publishedPackages(), tarballs)) {
    mkdirSync(join(scope, name));
    await unpack(tarball, join(scope, name));
    const own = `${root}packages/${name}/node_modules`;
    if (existsSync(own)) symlinkSync(own, join(scope, name, 'node_modules'));
  }
  cpSync(`${root}bench/cold/answer.mjs`, join(folder, 'answer.mjs'));
  return { answer: join(folder, 'answer.mjs'), command: join(scope, 'storage-cli/dist/bin.js') };
}
