import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A user's project: this project's packages as they are published, copied, and beside them what is installed here. */
export function installPackages(folder: string): void {
  const installed = join(folder, 'node_modules');
  const scope = join(installed, '@gati-framework');
  mkdirSync(scope, { recursive: true });
  for (const name of readdirSync(join(root, 'packages'))) {
    for (const part of ['package.json', 'dist']) {
      cpSync(join(root, 'packages', name, part), join(scope, name, part), { recursive: true });
    }
  }
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '@gati-framework' || name.startsWith('.')) continue;
    symlinkSync(join(root, 'node_modules', name), join(installed, name));
  }
}
